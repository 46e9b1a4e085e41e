import type { JSONSchema7 } from '@ai-sdk/provider';
import {
  AddNote,
  CountLeads,
  CreateLead,
  GetLead,
  type leadsMessages,
  ListLeads,
  ListPipelines,
  MoveLead,
  UpdateLead,
} from '@apollo/contracts';
import { later } from '@apollo/tenancy';
import { id, object, text, tool, type ToolScope } from './tool.js';

const DAY_MS = 86_400_000;
/** Leads that a search gives where nobody says how many. */
const FOUND = 20;

interface Filter {
  readonly query?: string;
  readonly stage?: string;
  readonly pipeline?: string;
  readonly city?: string;
  readonly country?: string;
  readonly tag?: string;
  readonly owner?: string;
  readonly older_than_days?: number;
}

const filter: Record<keyof Filter, JSONSchema7> = {
  query: text(100),
  stage: text(100),
  pipeline: text(100),
  city: text(100),
  country: text(100),
  tag: text(50),
  owner: text(100),
  older_than_days: { type: 'integer', minimum: 1, maximum: 36_500 },
};
const content = {
  company: text(200),
  email: { type: 'string', format: 'email', maxLength: 254 } satisfies JSONSchema7,
  phone: text(40),
  city: text(100),
  country: text(100),
  site: text(200),
  state: text(100),
  tags: { type: 'array', items: text(50), maxItems: 50 } satisfies JSONSchema7,
};
type Content = Pick<leadsMessages.CreateLeadRequest, keyof typeof content>;

/** Conditions in names as those of the contract, in ids. */
async function conditionsOf(input: Filter, { names, now }: ToolScope): Promise<leadsMessages.CountLeadsRequest> {
  const { query: search, stage, pipeline, city, country, tag, owner, older_than_days: days } = input;
  const place = stage === undefined ? undefined : await names.stage(stage, pipeline);
  const pipelineId = pipeline === undefined ? undefined : (await names.pipeline(pipeline)).id;
  return {
    ...(search !== undefined && { search }),
    ...(place && { stage_id: place.stage.id }),
    ...(pipelineId !== undefined && { pipeline_id: pipelineId }),
    ...(city !== undefined && { city }),
    ...(country !== undefined && { country }),
    ...(tag !== undefined && { tag }),
    ...(owner !== undefined && { owner_id: (await names.member(owner)).user_id }),
    ...(days !== undefined && { created_before: later(now, -days * DAY_MS).toISOString() }),
  };
}

/** A lead as a model is shown it: where it stands in names. */
async function shownLead(lead: leadsMessages.Lead, { names }: ToolScope): Promise<object> {
  const { pipeline_id: _pipeline, stage_id: _stage, version: _version, ...rest } = lead;
  return { ...rest, ...(await names.placeOf(lead)) };
}

export const searchLeads = tool({
  description: 'Find leads by words in their name, company, address or phone, and by where they stand.',
  input: object({ ...filter, limit: { type: 'integer', minimum: 1, maximum: 50 } }),
  contract: ListLeads,
  plan: async (input: Filter & { readonly limit?: number }, scope) => ({
    ...(await conditionsOf(input, scope)),
    limit: input.limit ?? FOUND,
  }),
  show: async ({ items, next_cursor }, scope) => ({
    items: await Promise.all(items.map((lead) => shownLead(lead, scope))),
    next_cursor,
  }),
});

export const countLeads = tool({
  description: 'Count leads, all that fit or also by stage or pipeline.',
  input: object({ ...filter, group_by: { type: 'string', enum: ['stage', 'pipeline'] } }),
  contract: CountLeads,
  plan: (input: Filter & { readonly group_by?: 'stage' | 'pipeline' }, scope) => conditionsOf(input, scope),
  show: async ({ total, stages }, { names }, { group_by: by }) => {
    if (by === undefined) return { total };
    const counts = new Map<string, number>();
    for (const each of stages) {
      const name = (await names.placeOf(each))[by] ?? '';
      counts.set(name, (counts.get(name) ?? 0) + each.leads);
    }
    return { total, groups: [...counts].map(([name, count]) => ({ name, count })) };
  },
});

export const readLead = tool({
  description: 'Read everything about one lead.',
  input: object({ id }, ['id']),
  contract: GetLead,
  plan: (input: { readonly id: string }) => input,
  show: shownLead,
});

export const createLead = tool({
  description: 'Create a lead; it enters the first stage of the usual pipeline.',
  input: object({ contact_name: text(200), ...content }, ['contact_name']),
  contract: CreateLead,
  plan: (input: Content & { readonly contact_name: string }) => input,
  show: shownLead,
});

export const updateLead = tool({
  description: 'Change fields of a lead; what is not named stays.',
  input: object({ id, fields: { ...object({ contact_name: text(200), ...content }), minProperties: 1 } }, [
    'id',
    'fields',
  ]),
  contract: UpdateLead,
  plan: (input: { readonly id: string; readonly fields: Partial<Content> }) => ({ ...input.fields, id: input.id }),
  show: shownLead,
});

export const moveLead = tool({
  description: 'Move a lead to another stage.',
  input: object({ id, stage: text(100) }, ['id', 'stage']),
  contract: MoveLead,
  plan: async (input: { readonly id: string; readonly stage: string }, { ask, names }) => {
    const { pipeline_id: pipeline } = await ask(GetLead, { id: input.id });
    return { id: input.id, stage_id: (await names.stage(input.stage, undefined, pipeline)).stage.id };
  },
  show: shownLead,
});

export const addNote = tool({
  description: 'Write a note into the history of a lead.',
  input: object({ lead_id: id, text: text(5_000) }, ['lead_id', 'text']),
  contract: AddNote,
  plan: (input: { readonly lead_id: string; readonly text: string }) => ({ id: input.lead_id, text: input.text }),
});

export const listPipelines = tool({
  description: 'List pipelines with their stages.',
  input: object({}),
  contract: ListPipelines,
  plan: () => ({ limit: 200 }),
  show: async (_reply, { names }) => ({
    items: (await names.pipelines()).map(({ name, is_default, stages }) => ({
      name,
      is_default,
      stages: stages.map((stage) => stage.name),
    })),
  }),
});
