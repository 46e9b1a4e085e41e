import { Module } from '@nestjs/common';
import { DefaultPipeline } from './default.pipeline.js';
import { PipelineController } from './pipeline.controller.js';
import { PipelineRepository } from './pipeline.repository.js';
import { PipelineService } from './pipeline.service.js';

/** Pipelines and their stages. */
@Module({
  controllers: [PipelineController],
  providers: [PipelineRepository, DefaultPipeline, PipelineService],
  exports: [DefaultPipeline],
})
export class PipelinesModule {}
