import { Module } from '@nestjs/common';
import { ImportsModule } from './imports/imports.module.js';
import { PipelinesModule } from './pipelines/pipelines.module.js';

/** The leads service. */
@Module({ imports: [PipelinesModule, ImportsModule] })
export class LeadsModule {}
