import { Module } from '@nestjs/common';

/** Pipelines and their stages. */
@Module({})
export class PipelinesModule {}
