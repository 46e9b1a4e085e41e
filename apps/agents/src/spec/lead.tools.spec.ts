import type { JSONSchema7, LanguageModelV4FunctionTool } from '@ai-sdk/provider';

const text = (maxLength: number): JSONSchema7 => ({ type: 'string', minLength: 1, maxLength });
const id: JSONSchema7 = { type: 'string', format: 'uuid' };
const object = (properties: Record<string, JSONSchema7>, required: string[] = []): JSONSchema7 => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});

const filter = {
  query: text(100),
  stage: text(100),
  pipeline: text(100),
  city: text(100),
  country: text(100),
  tag: text(50),
  owner: text(100),
  older_than_days: { type: 'integer', minimum: 1, maximum: 36_500 } satisfies JSONSchema7,
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

/** The tools of the platform, with schemas as strict as theirs. */
export const SCHEMAS: Readonly<Record<string, JSONSchema7>> = {
  search_leads: object({ ...filter, limit: { type: 'integer', minimum: 1, maximum: 50 } }),
  count_leads: object({
    ...filter,
    group_by: { type: 'string', enum: ['stage', 'pipeline', 'city', 'country', 'owner', 'tag'] },
  }),
  read_lead: object({ id }, ['id']),
  create_lead: object({ contact_name: text(200), ...content }, ['contact_name']),
  update_lead: object({ id, fields: { ...object({ contact_name: text(200), ...content }), minProperties: 1 } }, [
    'id',
    'fields',
  ]),
  move_lead: object({ id, stage: text(100) }, ['id', 'stage']),
  add_note: object({ lead_id: id, text: text(5000) }, ['lead_id', 'text']),
  list_pipelines: object({}),
  read_documents: object({ query: text(300), document: text(200) }, ['query']),
  remember: object({ text: text(1000) }, ['text']),
  forget: object({ text: text(1000) }, ['text']),
  draft_email: object({ lead_id: id, subject: text(200), body: text(10_000) }, ['lead_id', 'subject', 'body']),
  delegate: object({ persona: text(100), task: text(2000) }, ['persona', 'task']),
  read_balance: object({}),
};

/** @returns tools as a model is offered them; all of them where none are named */
export function toolsOf(names: readonly string[] = Object.keys(SCHEMAS)): LanguageModelV4FunctionTool[] {
  return names.map((name) => ({
    type: 'function',
    name,
    description: `The tool ${name}.`,
    inputSchema: SCHEMAS[name] ?? {},
  }));
}
