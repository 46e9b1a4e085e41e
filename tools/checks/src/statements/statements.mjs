/**
 * Parses every statement that the services declare with PostgreSQL's own grammar, and tells of each table in them that
 * is not restricted to the organization, or the person, it is run for. Reads what was built; run from the root of the
 * repository; prints one line per fault and ends with 1 if there is any.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadModule, parseSync } from 'libpg-query';
import { unrestricted } from './statement.rules.mjs';

const root = process.cwd();
const load = (/** @type {string} */ file) => import(pathToFileURL(join(root, file)).href);

/** What a file says that declares statements over tables. */
const DECLARING = /\b(?:statement|rareStatement)\(/;

/** @type {{ name: string, kind: string, text: string, parameters: string[] }[]} */
const declared = [];
const { hearStatements } = await load('libs/tenancy/dist/postgres/statement.js');
hearStatements((/** @type {(typeof declared)[number]} */ statement) => declared.push(statement));
for (const folder of ['apps', 'libs']) {
  for (const project of readdirSync(join(root, folder))) {
    const dist = join(folder, project, 'dist');
    const files = readdirSync(join(root, dist), { recursive: true }).map(String).sort();
    for (const file of files.filter((each) => each.endsWith('.js')))
      if (DECLARING.test(readFileSync(join(root, dist, file), 'utf8'))) await load(join(dist, file));
  }
}

// What libraries keep in the schema of each service is declared for one of them.
const [{ Inbox }, { DeadLetters }, { AuditTrail }, { TablePurger }, { jobCalls }] = await Promise.all(
  [
    'libs/messaging/dist/durable/inbox.js',
    'libs/messaging/dist/durable/dead.letters.js',
    'libs/service-kit/dist/audit/audit.trail.js',
    'libs/service-kit/dist/purge/table.purger.js',
    'libs/work/dist/job.calls.js',
  ].map(load),
);
void [
  new Inbox(undefined, 'leads'),
  new DeadLetters(undefined, 'leads'),
  new AuditTrail(undefined, undefined, 'leads'),
  new TablePurger(undefined, 'leads', { deleted: ['leads'], kept: {} }),
];
jobCalls('leads');

// Lists are put together for what is asked of them: each of their parts is in one of these.
const { LEAD_FILTERS, countQuery, leadQuery } = await load('apps/leads/dist/leads/lead.query.js');
const { LEAD_SORTS } = await load('libs/contracts/dist/leads/leads.messages.js');
countQuery(LEAD_FILTERS);
for (const sort of [...LEAD_SORTS, 'custom_field', '-custom_field', 'id'])
  for (const continued of [false, true]) leadQuery({ filters: LEAD_FILTERS, sort, continued });

await loadModule();
const faults = declared
  .filter(({ kind }) => kind === 'tenant')
  .flatMap(({ name, text, parameters }) =>
    unrestricted(parseSync(text), parameters).map((fault) => `${name}: ${fault}`),
  );
for (const fault of new Set(faults)) console.error(fault);
console.log(
  `${declared.length} statements: ${faults.length === 0 ? 'every table is restricted' : `${faults.length} faults`}`,
);
process.exit(faults.length === 0 && declared.length > 0 ? 0 : 1);
