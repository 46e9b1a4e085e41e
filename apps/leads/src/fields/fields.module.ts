import { Module } from '@nestjs/common';
import { FieldController } from './field.controller.js';
import { FieldRepository } from './field.repository.js';
import { FieldService } from './field.service.js';

/** Custom fields. */
@Module({
  controllers: [FieldController],
  providers: [FieldRepository, FieldService],
  exports: [FieldRepository, FieldService],
})
export class FieldsModule {}
