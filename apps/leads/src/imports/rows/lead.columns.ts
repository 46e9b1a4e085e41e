/** Columns of a lead that an import writes and that are told in full, each with its type in PostgreSQL. */
const PLAIN_TYPES = {
  contact_name: 'text',
  company: 'text',
  email: 'text',
  phone: 'text',
  site: 'text',
  city: 'text',
  state: 'text',
  country: 'text',
  owner_id: 'uuid',
  value_minor: 'bigint',
  tags: 'text[]',
};

/** Their names. */
export const PLAIN = Object.keys(PLAIN_TYPES);

/** All that an import may change of a lead, and an undo puts back. */
const CHANGED_TYPES = {
  pipeline_id: 'uuid',
  stage_id: 'uuid',
  ...PLAIN_TYPES,
  custom_fields: 'jsonb',
  external_id: 'text',
};
export const CHANGED = Object.keys(CHANGED_TYPES);

/** They as a record of JSON is read: `pipeline_id uuid, …`. */
export const CHANGED_RECORD = Object.entries(CHANGED_TYPES)
  .map(([name, type]) => `${name} ${type}`)
  .join(', ');
