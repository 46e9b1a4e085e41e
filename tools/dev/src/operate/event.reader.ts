import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readerName, setUpStreams, streamsShown } from '@apollo/messaging';
import pg from 'pg';
import { readConfig } from '../config.js';
import { reloadNats } from '../nats/nats.server.js';
import { natsConfigText, readersOf } from '../nats/nats.users.js';
import { platformFolder, prepareLayout } from '../platform/platform.layout.js';
import { readRunning, type Running } from '../platform/running.file.js';
import { loadSecrets, newNkey, saveSecrets, type Secrets } from '../platform/secrets.store.js';
import { StartFailure } from '../start-failure.js';
import { operatorCommand } from './operator.command.js';

const USAGE = 'npm run event-reader -- list | grant <organization> <name> | revoke <name>';

// Lets somebody outside receive one organization's events, on the platform that runs here.
await operatorCommand(manage);

async function manage([verb, first, second]: readonly string[]): Promise<void> {
  const layout = await prepareLayout(platformFolder(readConfig()));
  const running = await readRunning(layout.running);
  const secrets = await loadSecrets(layout.secrets);
  if (verb === 'list')
    return say(
      readersOf(secrets)
        .map(({ name, orgId }) => `${name}  reads the events of ${orgId}`)
        .join('\n') || 'Nobody outside reads events.',
    );
  const name = verb === 'grant' ? second : first;
  if (!['grant', 'revoke'].includes(verb ?? '') || first === undefined || name === undefined)
    throw new StartFailure(USAGE);
  const own = ownName(name);
  const file = join(layout.keys, `${own}.nkey`);
  if (verb === 'grant') {
    if (secrets.eventReaders[name]) throw new StartFailure(`There is a reader named ${name} already: revoke it first.`);
    secrets.eventReaders[name] = { orgId: await organization(running.postgres.admin, first), ...newNkey() };
    await writeFile(file, `${secrets.eventReaders[name].seed}\n`, { mode: 0o600 });
  } else {
    if (!secrets.eventReaders[name]) throw new StartFailure(`There is no reader named ${name}.`);
    delete secrets.eventReaders[name];
    await rm(file, { force: true });
  }
  await saveSecrets(layout.secrets, secrets);
  await reload(layout.nats, running, secrets);
  if (verb === 'revoke') return say(`${name} receives nothing any more.`);
  await setUpStreams(running.nats.url, running.nats.credentials['deploy'] as string, { readers: readersOf(secrets) });
  say(
    `${name} may receive the events of ${first}:\n  server    ${running.nats.url}\n  key file  ${file}\n  inbox     _INBOX_${own}\n  consumer  ${own}, in each stream (${streamsShown().join(', ')})`,
  );
}

function ownName(name: string): string {
  try {
    return readerName({ name });
  } catch (error) {
    throw new StartFailure((error as Error).message);
  }
}

async function organization(adminUrl: string, slug: string): Promise<string> {
  const client = new pg.Client({ connectionString: adminUrl, application_name: 'apollo-dev' });
  await client.connect();
  try {
    const { rows } = await client.query<{ id: string }>(
      "select id from orgs.organizations where slug = $1 and status <> 'deleted'",
      [slug],
    );
    if (!rows[0]) throw new StartFailure(`There is no organization ${slug}.`);
    return rows[0].id;
  } finally {
    await client.end();
  }
}

/** Has the running server take the new list of users in; whoever is no longer on it is cut off. */
async function reload(folder: string, running: Running, secrets: Secrets): Promise<void> {
  const { hostname: host, port } = new URL(running.nats.url);
  const pid = running.pids['nats'];
  if (pid === undefined)
    throw new StartFailure(
      `NATS is your own: have it load the accounts that ${join(folder, 'nats.conf')} holds after the next start.`,
    );
  const storeDir = join(folder, 'jetstream');
  await reloadNats(folder, pid, natsConfigText(secrets, { host, port: Number(port), storeDir }));
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
