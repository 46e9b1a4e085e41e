import {
  CreatePipeline,
  CreateStage,
  GetPipeline,
  leadsMessages,
  ListPipelines,
  Page,
  UpdatePipeline,
  UpdateStage,
} from '@apollo/contracts';
import { Handles } from '@apollo/messaging';
import { type Clock, CLOCK } from '@apollo/tenancy';
import { Controller, Inject } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { PipelineService } from './pipeline.service.js';

@Controller()
export class PipelineController {
  constructor(
    private readonly pipelines: PipelineService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Handles(ListPipelines)
  list(@Payload() request: Page): Promise<leadsMessages.PipelineList> {
    return this.pipelines.list(request);
  }

  @Handles(GetPipeline)
  get(@Payload() request: leadsMessages.ObjectRequest): Promise<leadsMessages.Pipeline> {
    return this.pipelines.get(request.id);
  }

  @Handles(CreatePipeline)
  create(@Payload() request: leadsMessages.CreatePipelineRequest): Promise<leadsMessages.Pipeline> {
    return this.pipelines.create(request, this.clock());
  }

  @Handles(UpdatePipeline)
  update(@Payload() request: leadsMessages.UpdatePipelineRequest): Promise<leadsMessages.Pipeline> {
    return this.pipelines.update(request);
  }

  @Handles(CreateStage)
  addStage(@Payload() request: leadsMessages.CreateStageRequest): Promise<leadsMessages.Pipeline> {
    return this.pipelines.addStage(request);
  }

  @Handles(UpdateStage)
  updateStage(@Payload() request: leadsMessages.UpdateStageRequest): Promise<leadsMessages.Pipeline> {
    return this.pipelines.updateStage(request);
  }
}
