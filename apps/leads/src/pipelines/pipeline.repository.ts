import type { leadsMessages } from '@apollo/contracts';
import { newId } from '@apollo/tenancy';
import { call, type Statement, statement, TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';
import { STARTING_STAGES } from './pipeline.rules.js';

interface Row {
  id: string;
  name: string;
  is_default: boolean;
  archived: boolean;
  default_stage_id: string;
  stages: leadsMessages.Stage[];
  created_at: Date;
  version: number;
}

interface StageColumns {
  pipeline_id: string;
  ids: string[];
  names: string[];
  positions: number[];
  kinds: string[];
  archived: boolean[];
}

const PIPELINE = `
  select p.id, p.name, p.is_default, p.archived, p.created_at, p.version,
    (select s.id from leads.stages s where s.org_id = :org and s.pipeline_id = p.id and s.is_default) as default_stage_id,
    (select json_agg(json_build_object('id', s.id, 'name', s.name, 'position', s.position, 'kind', s.kind, 'archived', s.archived) order by s.position)
     from leads.stages s where s.org_id = :org and s.pipeline_id = p.id) as stages
  from leads.pipelines p where p.org_id = :org`;

const page = statement<Row, { after: string; limit: number }>(
  'pipelines page',
  `${PIPELINE} and p.id > :after order by p.id limit :limit`,
);
const one = statement<Row, { id: string }>('pipeline', `${PIPELINE} and p.id = :id`);
const lock = statement<object, { id: string }>(
  'lock pipeline',
  'select id from leads.pipelines where org_id = :org and id = :id for update',
);
const lockStage = statement<object, { pipeline_id: string; id: string }>(
  'lock stage',
  'select id from leads.stages where org_id = :org and pipeline_id = :pipeline_id and id = :id for update',
);
const stageInUse = statement<{ used: boolean }, { pipeline_id: string; id: string }>(
  'stage in use',
  'select exists (select from leads.leads where org_id = :org and pipeline_id = :pipeline_id and stage_id = :id) as used',
);

interface NewPipeline {
  id: string;
  name: string;
  is_default: boolean;
  at: Date;
  ids: string[];
  names: string[];
  kinds: string[];
}

const create = (name: string, onConflict: string): Statement<{ id: string }, NewPipeline> =>
  statement<{ id: string }, NewPipeline>(
    name,
    `
  with pipeline as (
    insert into leads.pipelines (org_id, id, name, is_default, archived, created_at, version)
    values (:org, :id, :name, :is_default, false, :at, 1)
    ${onConflict} returning id)
  insert into leads.stages (org_id, id, pipeline_id, name, position, kind, is_default, archived)
  select :org, stage.id, pipeline.id, stage.name, stage.place - 1, stage.kind, stage.place = 1, false
  from pipeline, unnest(:ids::uuid[], :names::text[], :kinds::text[]) with ordinality as stage (id, name, kind, place)
  returning pipeline_id as id`,
  );
const createNamed = create('create pipeline', '');
// Two first needs at once: the second waits for the first's commit, inserts nothing and finds what the first made. No
// key is named: the two meet at the name or at the default, whichever index Postgres looks at first.
const createDefault = create('create default pipeline', 'on conflict do nothing');

const update = statement<object, { id: string; name: string; archived: boolean; version: number }>(
  'update pipeline',
  'update leads.pipelines set name = :name, archived = :archived, version = :version where org_id = :org and id = :id',
);
const saveStages = statement<object, StageColumns>(
  'save stages',
  `
  insert into leads.stages (org_id, id, pipeline_id, name, position, kind, is_default, archived)
  select :org, stage.id, :pipeline_id::uuid, stage.name, stage.position, stage.kind, false, stage.archived
  from unnest(:ids::uuid[], :names::text[], :positions::int[], :kinds::text[], :archived::bool[]) as stage (id, name, position, kind, archived)
  on conflict (org_id, id) do update set name = excluded.name, position = excluded.position, archived = excluded.archived`,
);

/** Pipelines with their stages. */
@Injectable()
export class PipelineRepository {
  constructor(private readonly database: TenantDatabase) {}

  /** At most `limit` pipelines after the one with id `after`, oldest first. */
  async page(after: string, limit: number): Promise<leadsMessages.Pipeline[]> {
    return (await this.database.query(page, { after, limit })).map(pipelineOf);
  }

  async find(id: string): Promise<leadsMessages.Pipeline | undefined> {
    const [row] = await this.database.query(one, { id });
    return row && pipelineOf(row);
  }

  /** The pipeline as it is once every other change to it has ended; locked until the transaction does. */
  async findForUpdate(id: string): Promise<leadsMessages.Pipeline | undefined> {
    const [, [row]] = await this.database.batch([call(lock, { id }), call(one, { id })]);
    return row && pipelineOf(row);
  }

  /** Whether leads are at the stage; keeps new ones from entering it until the transaction ends. */
  async stageHasLeads(pipelineId: string, id: string): Promise<boolean> {
    const where = { pipeline_id: pipelineId, id };
    const [, [answer]] = await this.database.batch([call(lockStage, where), call(stageInUse, where)]);
    return answer?.used ?? false;
  }

  /** Makes a pipeline with the starting stages. False when it was to be the default one and another exists. */
  async create(pipeline: { id: string; name: string; is_default: boolean; at: Date }): Promise<boolean> {
    const stages = {
      ids: STARTING_STAGES.map(newId),
      names: STARTING_STAGES.map(({ name }) => name),
      kinds: STARTING_STAGES.map(({ kind }) => kind),
    };
    return (
      (await this.database.query(pipeline.is_default ? createDefault : createNamed, { ...pipeline, ...stages }))
        .length > 0
    );
  }

  /** Writes name, archived, version and all stages as given. */
  async save(pipeline: leadsMessages.Pipeline): Promise<void> {
    const { stages } = pipeline;
    await this.database.batch([
      call(update, pipeline),
      call(saveStages, {
        pipeline_id: pipeline.id,
        ids: stages.map(({ id }) => id),
        names: stages.map(({ name }) => name),
        positions: stages.map(({ position }) => position),
        kinds: stages.map(({ kind }) => kind),
        archived: stages.map(({ archived }) => archived),
      }),
    ]);
  }
}

function pipelineOf(row: Row): leadsMessages.Pipeline {
  return { ...row, created_at: row.created_at.toISOString() };
}
