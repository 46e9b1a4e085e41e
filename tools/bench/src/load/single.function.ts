import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { newId } from '@apollo/tenancy';
import { TagSigner } from '@apollo/tenancy/postgres';
import pg from 'pg';
import { contextOf } from '../peers/tagged.leads.js';
import type { OurPlatform } from '../servers/our.platform.js';
import { keepBusy } from './busy.callers.js';

const CLIENTS = 8;
/** Reservations of a batch. */
const TOGETHER = 16;
/**
 * Organizations of one of pgbench's scripts, of which it takes up to 128: PostgreSQL copies a statement's text each
 * time it runs, so a short one.
 */
const ORGS_OF_SCRIPT = 10;
/** The first that has pipelines: tag and call in one round trip, as ours are. */
const PIPELINES_SINCE = 14;
const run = promisify(execFile);

/** Calls the functions that reserve and nothing else. */
export interface SingleFunction {
  /** What calls it. */
  readonly name: string;
  /** Each call for one of the organizations, by 8 clients where not said otherwise. @returns reservations per second */
  call(orgs: readonly string[], seconds: number, clients?: number): Promise<number>;
  /** Calls of the function for many, 16 reservations each, by one client. @returns reservations per second */
  callMany(org: string, seconds: number): Promise<number>;
}

/** A pgbench of this machine, else a loop that sends the same. */
export async function singleFunction(ours: OurPlatform): Promise<SingleFunction> {
  const { app } = ours.platform.running.postgres['billing-stars'] as { app: string };
  const signer = new TagSigner(String(ours.secrets.tagKeys['billing-stars']));
  // A colon in any of it would be a variable to pgbench, also within quotes.
  const agent = newId();
  const tagOf = (orgId: string): string => `'${signer.sign(contextOf(orgId, agent), Date.now())}'`;
  const reserve = `select billing_stars.reserve(gen_random_uuid()::text, '${'0'.repeat(64)}', 1, '${agent}', null, gen_random_uuid(), 1, 600, '${agent}')`;
  const many = (value: string): string => `array(select ${value} from generate_series(1, ${TOGETHER}))`;
  const reserveMany = `select billing_stars.reserve_many(${many('gen_random_uuid()::text')}, ${many(`'${'0'.repeat(64)}'::text`)}, ${many('1::bigint')}, ${many(`'${agent}'::uuid`)}, ${many('null::uuid')}, ${many('gen_random_uuid()')}, ${many('1')}, ${many('600')}, '${agent}')`;
  const version = await pgbenchVersion();
  if (version === undefined) {
    const byClients = (orgs: readonly string[], seconds: number, clients: number, text: string): Promise<number> =>
      byLoop(
        app,
        orgs.map((org) => `select tenancy.carry(${tagOf(org)}); ${text}`),
        seconds,
        clients,
      );
    return {
      name: 'a loop of pg (this machine has no pgbench)',
      call: (orgs, seconds, clients = CLIENTS) => byClients(orgs, seconds, clients, reserve),
      callMany: async (org, seconds) => TOGETHER * (await byClients([org], seconds, 1, reserveMany)),
    };
  }
  const folder = join(ours.folder, 'pgbench');
  const scripts = (orgs: readonly string[], text: string): string[] =>
    inParts(orgs, ORGS_OF_SCRIPT).map(
      (part) => `\\set place random(1, ${part.length})
\\startpipeline
select tenancy.carry((array[${part.map(tagOf).join(', ')}])[:place]);
${text};
\\endpipeline
`,
    );
  return {
    name: version,
    call: (orgs, seconds, clients = CLIENTS) => byPgbench(app, folder, scripts(orgs, reserve), seconds, clients),
    callMany: async (org, seconds) =>
      TOGETHER * (await byPgbench(app, folder, scripts([org], reserveMany), seconds, 1)),
  };
}

function inParts<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, n) => all.slice(n * size, (n + 1) * size));
}

async function pgbenchVersion(): Promise<string | undefined> {
  const version = await run('pgbench', ['--version']).then(
    ({ stdout }) => stdout.trim(),
    () => undefined,
  );
  const major = Number(/(\d+)\.\d+/.exec(version ?? '')?.[1] ?? 0);
  return major >= PIPELINES_SINCE ? version : undefined;
}

async function byPgbench(
  url: string,
  folder: string,
  scripts: readonly string[],
  seconds: number,
  clients: number,
): Promise<number> {
  await mkdir(folder, { mode: 0o700 });
  const files = scripts.map((_, n) => join(folder, `reserve-${n}.sql`));
  await Promise.all(files.map((file, n) => writeFile(file, scripts[n] ?? '', { mode: 0o600 })));
  const { stdout } = await run('pgbench', [
    '--no-vacuum',
    '--protocol=prepared',
    `--client=${clients}`,
    `--time=${seconds}`,
    ...files.map((file) => `--file=${file}`),
    url,
  ]);
  await rm(folder, { recursive: true });
  const rate = Number(/^tps = ([\d.]+)/m.exec(stdout)?.[1]);
  const failed = Number(/failed transactions: (\d+)/.exec(stdout)?.[1] ?? 0);
  if (!(rate > 0) || failed > 0) throw new Error(`pgbench did not work: ${stdout}`);
  return rate;
}

/** Tag and call in one text, which PostgreSQL runs as one transaction. */
async function byLoop(url: string, texts: readonly string[], seconds: number, clients: number): Promise<number> {
  const pool = new pg.Pool({ connectionString: url, max: clients });
  try {
    return await keepBusy(clients, seconds, () =>
      pool.query(texts[Math.floor(Math.random() * texts.length)] as string),
    );
  } finally {
    await pool.end();
  }
}
