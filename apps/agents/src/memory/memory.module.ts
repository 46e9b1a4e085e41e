import { Module } from '@nestjs/common';
import { FactController } from './fact.controller.js';
import { FactRepository } from './fact.repository.js';
import { FactService } from './fact.service.js';

/** What personas remember. */
@Module({
  controllers: [FactController],
  providers: [FactRepository, FactService],
  exports: [FactRepository, FactService],
})
export class MemoryModule {}
