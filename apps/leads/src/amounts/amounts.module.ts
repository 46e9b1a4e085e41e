import { Module } from '@nestjs/common';
import { PipelinesModule } from '../pipelines/pipelines.module.js';
import { AmountController } from './amount.controller.js';
import { AmountRepository } from './amount.repository.js';

/** Amounts of leads and the currency they are in. */
@Module({
  imports: [PipelinesModule],
  controllers: [AmountController],
  providers: [AmountRepository],
  exports: [AmountRepository],
})
export class AmountsModule {}
