import {
  CreatePipeline,
  CreateStage,
  DomainError,
  type leadsMessages,
  type Page,
  typeOf,
  UpdatePipeline,
  UpdateStage,
} from '@apollo/contracts';
import { assertVersion, AuditTrail, CursorCodec } from '@apollo/service-kit';
import { newId, NIL_ID } from '@apollo/tenancy';
import { isUniqueViolation, TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';
import { DefaultPipeline } from './default.pipeline.js';
import { PipelineRepository } from './pipeline.repository.js';
import { assertMayArchive, withChangedStage, withStage } from './pipeline.rules.js';

type Pipeline = leadsMessages.Pipeline;

/** What admins configure about the way of a lead, and what everybody sees of it. */
@Injectable()
export class PipelineService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly pipelines: PipelineRepository,
    private readonly defaultPipeline: DefaultPipeline,
    private readonly audit: AuditTrail,
    private readonly cursors: CursorCodec,
  ) {}

  /** Oldest first, so the default one leads the list. */
  list(request: Page): Promise<leadsMessages.PipelineList> {
    const read = async (after: { id: string } | undefined, limit: number): Promise<Pipeline[]> => {
      const found = await this.pipelines.page(after?.id ?? NIL_ID, limit);
      if (found.length > 0 || after) return found;
      await this.defaultPipeline.ensure();
      return this.pipelines.page(NIL_ID, limit);
    };
    return this.cursors.page('pipelines', request, read, ({ id }) => ({ id }));
  }

  async get(id: string): Promise<Pipeline> {
    return existing(await this.pipelines.find(id));
  }

  /** A pipeline with the starting stages. */
  async create(request: leadsMessages.CreatePipelineRequest, now: Date): Promise<Pipeline> {
    // The default one comes first, so that no other can have taken its name.
    await this.defaultPipeline.ensure();
    const id = newId();
    await nameIsFree(this.pipelines.create({ id, name: request.name, is_default: false, at: now }));
    await this.audit.done(typeOf(CreatePipeline), id);
    return this.get(id);
  }

  async update(request: leadsMessages.UpdatePipelineRequest): Promise<Pipeline> {
    const pipeline = existing(await this.pipelines.findForUpdate(request.id));
    assertVersion(pipeline.version, request.if_match);
    const archived = request.archived ?? pipeline.archived;
    if (archived) assertMayArchive(pipeline);
    return this.save(typeOf(UpdatePipeline), pipeline, { ...pipeline, name: request.name ?? pipeline.name, archived });
  }

  async addStage(request: leadsMessages.CreateStageRequest): Promise<Pipeline> {
    const pipeline = existing(await this.pipelines.findForUpdate(request.pipeline_id));
    const stage = { id: newId(), name: request.name, position: 0, kind: request.kind ?? 'open', archived: false };
    const stages = withStage(pipeline.stages, stage, request.position ?? undefined);
    return this.save(typeOf(CreateStage), pipeline, { ...pipeline, stages }, { stage_id: stage.id });
  }

  async updateStage(request: leadsMessages.UpdateStageRequest): Promise<Pipeline> {
    const pipeline = existing(await this.pipelines.findForUpdate(request.pipeline_id));
    const hasLeads = request.archived === true && (await this.pipelines.stageHasLeads(pipeline.id, request.id));
    const stages = withChangedStage(pipeline, request.id, request, hasLeads);
    return this.save(typeOf(UpdateStage), pipeline, { ...pipeline, stages }, { stage_id: request.id });
  }

  private async save(
    action: string,
    before: Pipeline,
    after: Pipeline,
    detail: Record<string, unknown> = {},
  ): Promise<Pipeline> {
    if (JSON.stringify(before) === JSON.stringify(after)) return before;
    const saved = { ...after, version: before.version + 1 };
    await this.database.transaction(async () => {
      await nameIsFree(this.pipelines.save(saved));
      await this.audit.done(action, saved.id, { ...detail, archived: saved.archived });
    });
    return saved;
  }
}

function existing(pipeline: Pipeline | undefined): Pipeline {
  if (!pipeline) throw new DomainError('not_found');
  return pipeline;
}

async function nameIsFree<T>(write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (error) {
    if (isUniqueViolation(error, 'pipelines_name') || isUniqueViolation(error, 'stages_name'))
      throw new DomainError('name_taken');
    throw error;
  }
}
