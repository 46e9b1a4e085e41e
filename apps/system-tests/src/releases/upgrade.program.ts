import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { entityOf, typeOf } from '@apollo/contracts';
import { readRunning, type Running } from '@apollo/dev';
import { loadSecrets, natsConfigText } from '@apollo/operate';
import { DEPLOY, outboxTables, setUpStreams } from '@apollo/messaging';
import { LOOPBACK, reloadNats } from '@apollo/servers';
import { migrate } from '@apollo/tenancy/postgres';
import pg from 'pg';
import { MemberNotedEvent } from './later.contracts.js';

/** Behind all that the release before has. */
const MIGRATION = '9000-members-noted.sql';

const dir = process.argv[2];
if (dir === undefined) throw new Error('upgrade.program.js <folder of a running platform>');
const running = await readRunning(join(dir, 'running.json'));
await configureNats(dir, running);
await migrateOrgs(dir, running);
await setUpStreams(running.nats.url, running.nats.credentials[DEPLOY] as string);

async function configureNats(folder: string, { nats, pids }: Running): Promise<void> {
  const store = join(folder, 'nats');
  const place = { host: LOOPBACK, port: Number(new URL(nats.url).port), storeDir: join(store, 'jetstream') };
  const text = natsConfigText(await loadSecrets(join(folder, 'secrets.json')), place);
  await reloadNats(store, pids['nats'] as number, text);
}

/**
 * The outbox takes one more type of event. By a migration of its own, which the release before does not know: it leaves
 * functions alone then.
 */
async function migrateOrgs(folder: string, { postgres }: Running): Promise<void> {
  const known = await functionText(postgres.admin);
  const grown = known.replace(
    /case told\s/,
    (begin) => `${begin}when '${typeOf(MemberNotedEvent)}' then '${entityOf(MemberNotedEvent)}' `,
  );
  if (grown === known) throw new Error('orgs.entity_of_event knows no types of events');
  const home = join(folder, 'upgrade/orgs');
  await mkdir(join(home, 'migrations'), { recursive: true });
  await writeFile(join(home, 'migrations', MIGRATION), `${grown};\n`);
  const { migrate: url } = postgres['orgs'] as { readonly migrate: string };
  const packageUrl = pathToFileURL(`${home}/`);
  await migrate({ service: 'orgs', tables: outboxTables('orgs'), rules: [], functions: [], packageUrl }, url);
}

async function functionText(adminUrl: string): Promise<string> {
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    const { rows } = await admin.query<{ text: string }>(
      "select pg_get_functiondef('orgs.entity_of_event'::regproc) as text",
    );
    return rows[0]?.text ?? '';
  } finally {
    await admin.end();
  }
}
