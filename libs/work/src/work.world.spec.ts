import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inboxFunctions, inboxRules, inboxTables } from '@apollo/messaging';
import { auditFunctions, auditTables, createLogger } from '@apollo/service-kit';
import { newId, NIL_ID } from '@apollo/tenancy';
import {
  call,
  p,
  schemaSql,
  type ServiceSchema,
  statement,
  type TenantDatabase,
  tenantTable,
} from '@apollo/tenancy/postgres';
import { asPlatform, testDatabase, type TestDatabase, type TestOrg } from '@apollo/testing';
import {
  ClaimLostError,
  JobRunner,
  Jobs,
  type ClaimedJob,
  type DueJob,
  type JobEnd,
  type JobHandler,
  type JobState,
  LeftOffError,
  workFunctions,
  type WorkPermit,
  workTables,
  type WorkTurn,
} from './index.js';

const SCHEMA = 'sample';

const Step = tenantTable({
  name: 'Step',
  schema: SCHEMA,
  table: 'steps',
  access: 'append',
  properties: { jobId: p.uuid(), nth: p.integer(), actor: p.text() },
});
const step = statement<object, { job: string; nth: number }>(
  'step',
  `insert into ${SCHEMA}.steps (org_id, id, job_id, nth, actor) values (:org, uuidv7(), :job, :nth, :actor)`,
);
const stepsOf = statement<{ nth: number; actor: string }, { job: string }>(
  'steps of job',
  `select nth, actor from ${SCHEMA}.steps where org_id = :org and job_id = :job order by id`,
);

/** What the steps of a job wait for before each is taken. */
export type Gate = (job: ClaimedJob, nth: number) => Promise<void>;

/** What else a handler is told. */
interface Stepping {
  readonly kind?: string;
  readonly isOwn?: boolean;
  readonly atOnce?: number;
  /** Waited for in the transaction of each step, which has written by then. */
  readonly midway?: Gate;
  /** Waited for in the transaction in which a job ends. */
  readonly ending?: (id: string) => Promise<void>;
}

/** Takes as many steps as its payload says, each in a transaction of its own. */
export class StepHandler implements JobHandler {
  readonly attempts = 3;
  readonly exhausted = { state: 'dead', code: 'internal_error', detail: 'It came no further.' } as const;
  readonly ends: { id: string; end: JobEnd }[] = [];
  /** Jobs that it has left, done or not. */
  readonly left: string[] = [];

  readonly kind: string;
  readonly isOwn: boolean;
  readonly atOnce: number;

  constructor(
    private readonly database: TenantDatabase,
    private readonly jobs: Jobs,
    private readonly gate: Gate,
    private readonly more: Stepping = {},
  ) {
    this.kind = more.kind ?? 'stepping';
    this.isOwn = more.isOwn ?? false;
    this.atOnce = more.atOnce ?? 1;
  }

  nameOf(): string {
    return 'Chief of Staff';
  }

  async work(job: ClaimedJob, turn: WorkTurn): Promise<void> {
    await this.steps(job, turn).finally(() => this.left.push(job.id));
  }

  private async steps(job: ClaimedJob, turn: WorkTurn): Promise<void> {
    const { steps } = job.payload as { steps: number };
    const done = await this.database.query(stepsOf, { job: job.id });
    for (let nth = done.length; nth < steps; nth++) {
      await this.gate(job, nth);
      if (turn.isStopped || turn.isOver) throw new LeftOffError();
      const isOurs = await this.database.transaction(async () => {
        const [[kept] = []] = await this.database.batch([this.jobs.cameOn(job, { steps: nth + 1 })]);
        if (!kept?.alive) return false;
        await this.database.batch([call(step, { job: job.id, nth })]);
        await this.more.midway?.(job, nth);
        return true;
      });
      if (!isOurs) throw new ClaimLostError();
    }
  }

  async ended(id: string, end: JobEnd): Promise<void> {
    await this.more.ending?.(id);
    this.ends.push({ id, end });
  }
}

/** A database with the tables of the library, and any number of processes' worth of runners. */
export class WorkWorld {
  readonly jobs: Jobs;
  gate: Gate = () => Promise.resolve();
  midway: Gate = () => Promise.resolve();
  ending: (id: string) => Promise<void> = () => Promise.resolve();
  permit: WorkPermit['ask'] = () => Promise.resolve('granted');
  readonly handler: StepHandler;
  private readonly runners: JobRunner[] = [];

  private constructor(
    readonly test: TestDatabase,
    readonly schema: ServiceSchema,
  ) {
    this.jobs = new Jobs(test.database, SCHEMA);
    this.handler = new StepHandler(test.database, this.jobs, (job, nth) => this.gate(job, nth), {
      midway: (job, nth) => this.midway(job, nth),
      ending: (id) => this.ending(id),
    });
  }

  static async start(): Promise<WorkWorld> {
    const schema = await sampleSchema();
    return new WorkWorld(await testDatabase(schema, { poolSize: 12 }), schema);
  }

  /** Lets one more process begin to work; the first of them is woken by commits. */
  run(handlers: readonly JobHandler[] = [this.handler], places = 2, placesOfOrg = 1): JobRunner {
    const jobs = this.runners.length === 0 ? this.jobs : new Jobs(this.test.database, SCHEMA);
    const runner = new JobRunner({
      service: 'leads',
      places,
      placesOfOrg,
      database: this.test.database,
      jobs,
      handlers,
      permit: { ask: (work) => this.permit(work) },
      logger: createLogger('leads', 'silent'),
    });
    runner.onApplicationBootstrap();
    this.runners.push(runner);
    return runner;
  }

  /** Starts a job of so many steps, in the name of the organization's owner as a rule. */
  async begin(
    org: TestOrg,
    steps: number,
    { actor = org.owner, ...more }: { kind?: string; seconds?: number; actor?: string } = {},
  ): Promise<string> {
    const id = newId();
    await org.as(() => this.jobs.start({ id, kind: 'stepping', payload: { steps }, ...more }), { actor });
    return id;
  }

  async state(org: TestOrg, id: string): Promise<JobState | undefined> {
    return (await org.as(() => this.jobs.find(id)))?.state;
  }

  /** The steps that a job has taken, and in whose name. */
  steps(org: TestOrg, id: string): Promise<{ nth: number; actor: string }[]> {
    return org.as(() => this.test.database.query(stepsOf, { job: id }));
  }

  /** What a look finds. */
  due(): Promise<DueJob[]> {
    return asPlatform(() => this.jobs.findDue(NIL_ID));
  }

  /** As if the time had come for whatever waits. */
  async hurry(): Promise<void> {
    await this.test.admin(`update ${SCHEMA}.due_jobs set due_at = now() where not dead`);
  }

  async rest(): Promise<void> {
    await Promise.all(this.runners.splice(0).map((runner) => runner.onModuleDestroy()));
  }

  async stop(): Promise<void> {
    await this.rest();
    await this.test.drop();
  }
}

/** What the inbox asks of a service. */
const TAKES = `create or replace function ${SCHEMA}.takes_event(source text, entity text) returns boolean
language sql immutable as $$ select (source, entity) = ('orgs', 'member') $$;
revoke all on function ${SCHEMA}.takes_event from public;
`;

async function sampleSchema(): Promise<ServiceSchema> {
  const folder = await mkdtemp(join(tmpdir(), 'sample-'));
  const packageUrl = pathToFileURL(`${folder}/`);
  const schema: ServiceSchema = {
    service: SCHEMA,
    name: 'leads',
    tables: [Step, ...workTables(SCHEMA), ...auditTables(SCHEMA), ...inboxTables(SCHEMA)],
    rules: inboxRules(SCHEMA),
    functions: [new URL('functions/', packageUrl), workFunctions, auditFunctions, inboxFunctions],
    packageUrl,
  };
  await Promise.all(['migrations', 'functions'].map((name) => mkdir(join(folder, name))));
  await writeFile(join(folder, 'migrations', '0001-initial.sql'), await schemaSql(schema));
  await writeFile(join(folder, 'functions', 'takes_event.sql'), TAKES);
  return schema;
}
