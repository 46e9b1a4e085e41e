import { agentsMessages } from '@apollo/contracts';
import { type ForeignKey, p, tenantTable } from '@apollo/tenancy/postgres';

/** Octets of instructions: three for each unit of a text's length are the most that UTF-8 takes. */
const INSTRUCTIONS = 3 * agentsMessages.LONGEST_INSTRUCTIONS;

/** What changes of a persona, and is kept of each version of it. */
const settings = () => ({
  name: p.text(),
  description: p.text().nullable(),
  instructions: p.text(),
  tools: p.array().columnType('text[]'),
  model: p.text(),
  dailyCap: p.integer().nullable(),
  archived: p.boolean(),
  version: p.integer(),
});

const personas = tenantTable({
  name: 'Persona',
  schema: 'agents',
  table: 'personas',
  properties: { ...settings(), isChiefOfStaff: p.boolean(), createdAt: p.datetime(3) },
  fixed: ['isChiefOfStaff', 'createdAt'],
  octets: { instructions: INSTRUCTIONS },
  rawIndexes: [
    {
      name: 'personas_one_chief_of_staff',
      expression: 'create unique index personas_one_chief_of_staff on agents.personas (org_id) where is_chief_of_staff',
    },
    {
      name: 'personas_name',
      expression: 'create unique index personas_name on agents.personas (org_id, lower(name)) where not archived',
    },
  ],
});

const personaVersions = tenantTable({
  name: 'PersonaVersion',
  schema: 'agents',
  table: 'persona_versions',
  access: 'append',
  properties: { personaId: p.uuid(), ...settings(), changedBy: p.text(), changedAt: p.datetime(3) },
  octets: { instructions: INSTRUCTIONS },
  uniques: [['personaId', 'version']],
});

export const personaTables = [personas, personaVersions];

/** What a run is given of a persona is no more than a request may say, whatever SQL wrote it. */
const BOUNDED =
  'length(name) <= 100 and length(description) <= 300 and length(instructions) <= 20000 and cardinality(tools) <= 50 ' +
  'and length(model) <= 100 and daily_cap between 0 and 1000000000 and version between 1 and 2000000000';

export const personaRules: readonly string[] = [
  `alter table agents.personas add constraint personas_bounded check (${BOUNDED} and not (is_chief_of_staff and archived));`,
  `alter table agents.persona_versions add constraint persona_versions_bounded check (${BOUNDED});`,
];

export const personaForeignKeys: readonly ForeignKey[] = [
  {
    name: 'persona_versions_persona',
    table: 'persona_versions',
    columns: ['persona_id'],
    target: 'personas',
    targetColumns: ['id'],
  },
];
