import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { newId } from '@apollo/tenancy';
import { TagSigner } from '@apollo/tenancy/postgres';
import pg from 'pg';
import { contextOf } from '../peers/tagged.leads.js';
import type { OurPlatform } from '../servers/our.platform.js';
import { keepBusy } from './busy.callers.js';

const CLIENTS = 8;
/** The first that has pipelines: tag and call in one round trip, as ours are. */
const PIPELINES_SINCE = 14;
const run = promisify(execFile);

/** Calls the function that reserves and nothing else, by 8 clients. */
export interface SingleFunction {
  /** What calls it. */
  readonly name: string;
  /** Each call for one of the organizations. @returns calls per second */
  call(orgs: readonly string[], seconds: number): Promise<number>;
}

/** A pgbench of this machine, else a loop that sends the same. */
export async function singleFunction(ours: OurPlatform): Promise<SingleFunction> {
  const { app } = ours.platform.running.postgres['billing-stars'] as { app: string };
  const signer = new TagSigner(String(ours.secrets.tagKeys['billing-stars']));
  const agent = newId();
  const tagOf = (orgId: string): string => `'${signer.sign(contextOf(orgId, 'system:agents'), Date.now())}'`;
  const reserve = `select billing_stars.reserve(gen_random_uuid()::text, '${'0'.repeat(64)}', 1, '${agent}', null, gen_random_uuid(), 1, 600, 'agents')`;
  const version = await pgbenchVersion();
  if (version === undefined) {
    const text = (tag: string): string => `select set_config('tenancy.tag', ${tag}, true); ${reserve}`;
    return { name: `a loop of pg with ${CLIENTS} connections (this machine has no pgbench)`, call: (orgs, seconds) => byLoop(app, orgs.map((org) => text(tagOf(org))), seconds) };
  }
  const file = join(ours.folder, 'reserve.pgbench.sql');
  const script = (orgs: readonly string[]): string => `\\set place random(1, ${orgs.length})
\\startpipeline
select set_config('tenancy.tag', (array[${orgs.map(tagOf).join(', ')}])[:place], true);
${reserve};
\\endpipeline
`;
  return { name: version, call: (orgs, seconds) => byPgbench(app, file, script(orgs), seconds) };
}

async function pgbenchVersion(): Promise<string | undefined> {
  const version = await run('pgbench', ['--version']).then(({ stdout }) => stdout.trim(), () => undefined);
  const major = Number(/(\d+)\.\d+/.exec(version ?? '')?.[1] ?? 0);
  return major >= PIPELINES_SINCE ? version : undefined;
}

async function byPgbench(url: string, file: string, script: string, seconds: number): Promise<number> {
  await writeFile(file, script, { mode: 0o600 });
  const { stdout } = await run('pgbench', ['--no-vacuum', '--protocol=prepared', `--client=${CLIENTS}`, `--time=${seconds}`, `--file=${file}`, url]);
  await rm(file);
  const rate = Number(/^tps = ([\d.]+)/m.exec(stdout)?.[1]);
  const failed = Number(/failed transactions: (\d+)/.exec(stdout)?.[1] ?? 0);
  if (!(rate > 0) || failed > 0) throw new Error(`pgbench did not work: ${stdout}`);
  return rate;
}

/** Tag and call in one text, which PostgreSQL runs as one transaction. */
async function byLoop(url: string, texts: readonly string[], seconds: number): Promise<number> {
  const pool = new pg.Pool({ connectionString: url, max: CLIENTS });
  try {
    return await keepBusy(CLIENTS, seconds, () => pool.query(texts[Math.floor(Math.random() * texts.length)] as string));
  } finally {
    await pool.end();
  }
}
