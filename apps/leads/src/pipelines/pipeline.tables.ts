import { type ForeignKey, p, tenantTable } from '@apollo/tenancy/postgres';

const pipelines = tenantTable({
  name: 'Pipeline',
  schema: 'leads',
  table: 'pipelines',
  properties: {
    name: p.text(),
    isDefault: p.boolean(),
    archived: p.boolean(),
    createdAt: p.datetime(3),
    version: p.integer(),
  },
  rawIndexes: [
    {
      name: 'pipelines_one_default',
      expression: 'create unique index pipelines_one_default on leads.pipelines (org_id) where is_default',
    },
    {
      name: 'pipelines_name',
      expression: 'create unique index pipelines_name on leads.pipelines (org_id, lower(name)) where not archived',
    },
  ],
});

const stages = tenantTable({
  name: 'Stage',
  schema: 'leads',
  table: 'stages',
  properties: {
    pipelineId: p.uuid(),
    name: p.text(),
    position: p.integer(),
    kind: p.text(),
    isDefault: p.boolean(),
    archived: p.boolean(),
  },
  // The key leads point to: a lead's stage is a stage of the lead's pipeline.
  uniques: [['pipelineId', 'id']],
  rawIndexes: [
    {
      name: 'stages_one_default',
      expression: 'create unique index stages_one_default on leads.stages (org_id, pipeline_id) where is_default',
    },
    {
      name: 'stages_name',
      expression:
        'create unique index stages_name on leads.stages (org_id, pipeline_id, lower(name)) where not archived',
    },
  ],
});

export const pipelineTables = [pipelines, stages];

/** What a request of the organization, or an import, is given of them is no more than a request may write, whatever SQL wrote it. */
export const pipelineRules: readonly string[] = [
  'alter table leads.pipelines add constraint pipelines_bounded check (length(name) <= 100 and version between 1 and 2000000000) not valid;',
  "alter table leads.stages add constraint stages_bounded check (length(name) <= 100 and position between 0 and 1000000 and kind in ('open', 'won', 'lost')) not valid;",
];

export const pipelineForeignKeys: readonly ForeignKey[] = [
  {
    name: 'stages_pipeline',
    table: 'stages',
    columns: ['pipeline_id'],
    target: 'pipelines',
    targetColumns: ['id'],
  },
];
