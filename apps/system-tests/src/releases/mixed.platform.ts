import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { type Platform, startPlatform } from '@apollo/dev';
import { childEnvironment } from '@apollo/servers';
import pg from 'pg';
import { releaseEnvironment } from '../config.js';
import { type LivePlatform, NO_LIMITS } from '../live.platform.js';

/** Two releases that follow each other: this checkout, and the one that `later.contracts.ts` makes of it. */
export type Release = 'before' | 'later';

const SERVICES = ['identity', 'orgs', 'leads', 'agents', 'billing-stars', 'gateway'] as const;
type Service = (typeof SERVICES)[number];

/** Schemas of those that take durable events, and of those that tell some. */
const TAKING = ['leads', 'agents', 'billing_stars'] as const;
const TELLING = ['orgs', 'leads', 'agents', 'billing_stars'] as const;

/** Programs are run as they were built, whether this is a spec's source or built itself. */
const BUILT = join(import.meta.dirname, '../../dist/releases');
const MODULE = pathToFileURL(join(BUILT, 'later.release.js')).href;
const UPGRADE = join(BUILT, 'upgrade.program.js');

const READY_WITHIN_MS = 60_000;

/** An event of the outbox that no relay has published, or that one has given up. */
export interface LeftEvent {
  readonly type: string;
  readonly entity_id: string;
  readonly refused: string | null;
}

/** A platform of its own, each service of which is of the one release or of the other. */
export class MixedPlatform {
  private constructor(
    private readonly dir: string,
    private readonly platform: Platform,
    /** Superuser. */
    private readonly admin: pg.Pool,
  ) {}

  /** All of it is of the release before. */
  static async start(): Promise<MixedPlatform> {
    const dir = await mkdtemp(join(tmpdir(), 'apollo-releases-'));
    await mkdir(join(dir, 'later'));
    const environment = Object.fromEntries(
      SERVICES.map((service) => [
        service,
        { ...releaseEnvironment(MODULE, markerOf(dir, service)), ...(service === 'gateway' && NO_LIMITS) },
      ]),
    );
    const platform = await startPlatform({ dir, ports: 'free', seed: false, ephemeral: true, environment });
    const admin = new pg.Pool({ connectionString: platform.running.postgres.admin, max: 2 });
    admin.on('error', () => undefined);
    return new MixedPlatform(dir, platform, admin);
  }

  get live(): LivePlatform {
    return { ...this.platform.running, dir: this.dir };
  }

  /** What a deployment of the later release does before its services: the bus's configuration, migrations, streams. */
  async upgrade(): Promise<void> {
    await writeFile(markerOf(this.dir, 'deploy'), '');
    const env = { ...childEnvironment(), ...releaseEnvironment(MODULE, markerOf(this.dir, 'deploy')) };
    const child = spawn(process.execPath, [UPGRADE, this.dir], { env, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    if (code !== 0) throw new Error(`The upgrade ended with code ${code}: ${said}`);
  }

  /** Kills processes and starts them as those of a release; resolves when they say that they can work. */
  async become(release: Release, ...services: readonly Service[]): Promise<void> {
    await Promise.all(
      services.map(async (service) => {
        await this.platform.kill(service);
        const marker = markerOf(this.dir, service);
        await (release === 'later' ? writeFile(marker, '') : rm(marker, { force: true }));
        await this.platform.restart(service);
        await this.isReady(service);
      }),
    );
  }

  /** As `become`, of every service. */
  async becomeAll(release: Release): Promise<void> {
    await this.become(release, ...SERVICES);
  }

  /** How far leads has come with a member of an organization. */
  async followed(member: string): Promise<number> {
    const { rows } = await this.admin.query<{ version: number }>(
      "select version::int as version from leads.inbox where source = 'orgs' and entity = 'member' and entity_id = $1",
      [member],
    );
    return rows[0]?.version ?? 0;
  }

  /** Events of orgs that are not on the bus. */
  async left(): Promise<LeftEvent[]> {
    const { rows } = await this.admin.query<LeftEvent>(
      'select type, entity_id, refused from orgs.outbox where published_at is null order by created_at, id',
    );
    return rows;
  }

  /** Keeps orgs' relay from publishing, as if it died before each time, until what is returned is called. */
  async holdRelay(): Promise<() => Promise<void>> {
    const rights = 'update (published_at, refused) on orgs.outbox';
    await this.admin.query(`revoke ${rights} from orgs_relay`);
    return async () => void (await this.admin.query(`grant ${rights} to orgs_relay`));
  }

  /** What was given up anywhere, for good or until somebody asks: nothing, for two releases beside each other. */
  async givenUp(): Promise<string[]> {
    const looks = [
      ...TAKING.flatMap((schema) => [
        `select '${schema} dead letter ' || type as what from ${schema}.dead_letters`,
        `select '${schema} blocked ' || entity from ${schema}.blocked_entities`,
      ]),
      ...TELLING.map((schema) => `select '${schema} refused ' || type from ${schema}.outbox where refused is not null`),
    ];
    const { rows } = await this.admin.query<{ what: string }>(looks.join(' union all '));
    const counted = await Promise.all(SERVICES.map((service) => this.disbelieved(service)));
    return [...rows.map(({ what }) => what), ...counted.flat()];
  }

  /** How often leads has left an event to a later release. */
  async unknown(type: string): Promise<number> {
    const lines = (await this.metrics('leads')).filter(
      (line) => line.startsWith('apollo_events_total{') && line.includes(type) && line.includes('outcome="unknown"'),
    );
    return lines.reduce((sum, line) => sum + valueOf(line), 0);
  }

  async stop(): Promise<void> {
    await this.admin.end();
    await this.platform.stop();
    await rm(this.dir, { recursive: true, force: true });
  }

  /** Messages and events that a process did not believe. */
  private async disbelieved(service: Service): Promise<string[]> {
    const lines = await this.metrics(service);
    return lines
      .filter((line) => /^apollo_(messages_rejected|events)_total\{.*"(message_rejected|rejected|buried)"/.test(line))
      .filter((line) => valueOf(line) > 0)
      .map((line) => `${service} ${line}`);
  }

  private async metrics(service: Service): Promise<string[]> {
    const answer = await fetch(`${this.platform.running.health[service]}/metrics`);
    return (await answer.text()).split('\n');
  }

  private async isReady(service: Service): Promise<void> {
    for (const end = Date.now() + READY_WITHIN_MS; ; await sleep(50)) {
      const answer = await fetch(`${this.platform.running.health[service]}/readyz`).catch(() => undefined);
      await answer?.arrayBuffer();
      if (answer?.ok) return;
      if (Date.now() > end) throw new Error(`${service} is not ready: see ${join(this.dir, 'logs', `${service}.log`)}`);
    }
  }
}

/** The file that says that a process is of the later release. */
function markerOf(dir: string, name: string): string {
  return join(dir, 'later', name);
}

function valueOf(line: string): number {
  return Number(line.slice(line.lastIndexOf(' ')));
}
