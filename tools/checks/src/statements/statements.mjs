/**
 * Parses every statement that the services declare with PostgreSQL's own grammar. Tells of each table in them that is
 * not restricted to the organization, or the person, it is run for, and of each call that names more than functions.
 * Reads what was built; run from the root of the repository; prints one line per fault and ends with 1 if there is any.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadModule, parseSync } from 'libpg-query';
import { besideCalls, unrestricted } from './statement.rules.mjs';

const root = process.cwd();
const load = (/** @type {string} */ file) => import(pathToFileURL(join(root, file)).href);

/** What a file says that declares statements over tables. */
const DECLARING = /\b(?:statement|rareStatement|functionCall)[(<]/;

/** @type {{ name: string, kind: 'tenant' | 'call' | 'platform', text: string, parameters: string[] }[]} */
const declared = [];
const { hearStatements } = await load('libs/tenancy/dist/postgres/statement.js');
hearStatements((/** @type {(typeof declared)[number]} */ statement) => declared.push(statement));
for (const folder of ['apps', 'libs']) {
  for (const project of readdirSync(join(root, folder))) {
    const src = join(folder, project, 'src');
    const files = readdirSync(join(root, src), { recursive: true }).map(String).sort();
    for (const file of files.filter((each) => each.endsWith('.ts') && !each.endsWith('.spec.ts')))
      if (DECLARING.test(readFileSync(join(root, src, file), 'utf8')) || file.endsWith('.schema.ts'))
        await load(join(folder, project, 'dist', file.replace(/\.ts$/, '.js')));
  }
}

// What libraries keep in the schema of each service is declared for one of them.
const [{ Inbox }, { DeadLetters }, { AuditTrail }, { TablePurger }, { jobCalls }, { commandRunner }] =
  await Promise.all(
    [
      'libs/messaging/dist/durable/inbox.js',
      'libs/messaging/dist/durable/dead.letters.js',
      'libs/service-kit/dist/audit/audit.trail.js',
      'libs/service-kit/dist/purge/table.purger.js',
      'libs/work/dist/job.calls.js',
      'libs/service-kit/dist/commands/command.runner.js',
    ].map(load),
  );
void [
  new Inbox(undefined, 'leads'),
  new DeadLetters(undefined, 'leads'),
  new AuditTrail(undefined, undefined, 'leads'),
  new TablePurger(undefined, 'leads', { deleted: ['leads'], kept: {} }),
];
jobCalls('leads');
for (const schema of ['leads', 'identity']) commandRunner(undefined, schema, '00'.repeat(32));

// Lists are put together for what is asked of them: each of their parts is in one of these.
const { LEAD_FILTERS, countQuery, leadQuery } = await load('apps/leads/dist/leads/lead.query.js');
const { LEAD_SORTS } = await load('libs/contracts/dist/leads/leads.messages.js');
countQuery(LEAD_FILTERS);
for (const sort of [...LEAD_SORTS, 'custom_field', '-custom_field', 'id'])
  for (const continued of [false, true]) leadQuery({ filters: LEAD_FILTERS, sort, continued });

await loadModule();
const { tablesOf } = await load('libs/tenancy/dist/postgres/table.factory.js');
/** @type {Readonly<Record<string, string[]>>} */
const KEYS = {
  org: ['org_id'],
  vault: ['org_id'],
  outbox: ['org_id'],
  person: ['user_id'],
  'org-personal': ['org_id', 'user_id'],
};
const keysOf = (/** @type {string} */ name) => {
  const [schema, table] = name.split('.');
  const made = tablesOf(schema).find((/** @type {{ table: string }} */ each) => each.table === table);
  return made && KEYS[made.kind];
};
const looks = { tenant: unrestricted, call: besideCalls, platform: () => [] };
const faults = declared.flatMap(({ name, kind, text, parameters }) =>
  looks[kind](parseSync(text), parameters, keysOf).map((fault) => `${name}: ${fault}`),
);
for (const fault of new Set(faults)) console.error(fault);
console.log(
  `${declared.length} statements: ${faults.length === 0 ? 'every table is restricted' : `${faults.length} faults`}`,
);
process.exit(faults.length === 0 && declared.length > 0 ? 0 : 1);
