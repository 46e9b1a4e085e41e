import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setUpStreams } from '@apollo/messaging';
import {
  addReader,
  assertFree,
  dropReader,
  listedReaders,
  loadSecrets,
  natsConfigText,
  operatorCommand,
  publicKeysFile,
  readerFacts,
  readersOf,
  removeReaderKey,
  saveSecrets,
  type Secrets,
  writeReaderKey,
} from '@apollo/operate';
import { reloadNats, StartFailure } from '@apollo/servers';
import pg from 'pg';
import { readConfig } from '../config.js';
import { type Layout, platformFolder, prepareLayout } from '../platform/platform.layout.js';
import { readRunning, type Running } from '../platform/running.file.js';

const USAGE = 'npm run event-reader -- list | grant <organization> <name> | revoke <name>';

/** The platform that runs here, and what is secret of it. */
interface Here {
  readonly layout: Layout;
  readonly running: Running;
  readonly secrets: Secrets;
}

// Lets somebody outside receive one organization's events, on the platform that runs here.
await operatorCommand(manage);

async function manage([verb, first, second]: readonly string[]): Promise<void> {
  const layout = await prepareLayout(platformFolder(readConfig()));
  const running = await readRunning(layout.running);
  const here = { layout, running, secrets: await loadSecrets(layout.secrets) };
  if (verb === 'list') return say(listedReaders(here.secrets));
  if (verb === 'grant' && first !== undefined && second !== undefined) return grant(here, first, second);
  if (verb === 'revoke' && first !== undefined) return revoke(here, first);
  throw new StartFailure(USAGE);
}

/** What the reader is to take is set up before its key is let in. */
async function grant({ layout, running, secrets }: Here, slug: string, name: string): Promise<void> {
  assertFree(secrets, name);
  const reader = addReader(secrets, name, await organization(running.postgres.admin, slug));
  await setUpStreams(running.nats.url, running.nats.credentials['deploy'] as string, { readers: readersOf(secrets) });
  const file = await writeReaderKey(layout.keys, name, reader);
  await saveSecrets(layout.secrets, secrets);
  const known = await reload(layout.nats, running, secrets);
  say(
    [
      `${name} may receive the events of ${slug}:`,
      ...readerFacts(name, reader, { server: running.nats.url, file, publicKeys: publicKeysFile(layout.keys) }),
      ...(known ? [] : [toLoad(layout)]),
    ].join('\n'),
  );
}

/** The reader is forgotten once the server no longer knows it, so whatever fails can be repeated. */
async function revoke({ layout, running, secrets }: Here, name: string): Promise<void> {
  dropReader(secrets, name);
  const known = await reload(layout.nats, running, secrets);
  await saveSecrets(layout.secrets, secrets);
  await removeReaderKey(layout.keys, name);
  say(known ? `${name} receives nothing any more.` : toLoad(layout));
}

function toLoad({ nats }: Layout): string {
  return `NATS is your own, and takes this in once it has loaded ${join(nats, 'nats.conf')}, twice.`;
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

/**
 * Has the running server take the new list of users in; whoever is no longer on it is cut off.
 *
 * @returns false where the server is the operator's own, which has to be told
 */
async function reload(folder: string, running: Running, secrets: Secrets): Promise<boolean> {
  const { hostname: host, port } = new URL(running.nats.url);
  const pid = running.pids['nats'];
  const text = natsConfigText(secrets, { host, port: Number(port), storeDir: join(folder, 'jetstream') });
  if (pid === undefined) await writeFile(join(folder, 'nats.conf'), text, { mode: 0o600 });
  else await reloadNats(folder, pid, text);
  return pid !== undefined;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
