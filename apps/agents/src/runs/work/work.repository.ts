import type { agentsMessages } from '@apollo/contracts';
import { currentTenant, newId } from '@apollo/tenancy';
import { call, statement, TenantDatabase } from '@apollo/tenancy/postgres';
import { type Claim, ClaimLostError, Jobs } from '@apollo/work';
import { Injectable } from '@nestjs/common';
import { LogMarks, type LogPlace } from '../log.mark.js';
import { MOST_EARLIER, MOST_ENTRIES, MOST_LOG, MOST_READ } from '../run.limits.js';
import { evolve, NOTHING_DONE, type Reserved, type RunEvent, type RunState } from '../run.log.js';
import { RunProgress } from '../run.progress.js';
import type { ToldRun } from './run.messages.js';

/** A run as it is worked on, under the version of its persona. */
export interface WorkedRun {
  readonly id: string;
  readonly conversation_id: string;
  readonly persona_id: string;
  readonly text: string;
  readonly name: string;
  readonly instructions: string;
  readonly tools: readonly string[];
  readonly model: string;
  /** Milliseconds since it began. */
  readonly age: number;
}

/** How a run ends by its own work. */
export interface RunEnd {
  readonly state: 'done' | 'failed';
  readonly answer: string | null;
  readonly failure: string | null;
  readonly detail: string | null;
  readonly layer: agentsMessages.RunTrace['refused_by'];
}

/** Where and when the next entry of a log is written. */
interface LogEnd {
  readonly seq: number;
  readonly at: Date;
}

interface NewEntry extends LogEnd {
  readonly id: string;
  readonly run: string;
  readonly kind: string;
  readonly payload: string;
  readonly mark: string;
}

/** An entry of a log as it is stored. */
interface EntryRow {
  readonly run_id: string;
  readonly seq: number;
  readonly payload: RunEvent;
  readonly mark: string | null;
}

const begin = statement<object, { id: string }>(
  'work on run',
  `
  update agents.runs set state = 'running', started_at = coalesce(started_at, now())
  where org_id = :org and id = :id and state in ('queued', 'running')`,
);
const worked = statement<WorkedRun, { id: string }>(
  'run to work on',
  `
  select r.id, r.conversation_id, r.persona_id, r.text, v.name, v.instructions, v.tools, v.model,
    (extract(epoch from now() - r.started_at) * 1000)::float8 as age
  from agents.runs r join agents.persona_versions v on v.org_id = :org and v.persona_id = r.persona_id and v.version = r.persona_version
  where r.org_id = :org and r.id = :id and r.state = 'running'`,
);
/* Of one that is longer than a run leaves behind, which nobody goes by, it is enough to see that. */
const size = statement<{ entries: number; octets: string }, { run: string }>(
  'size of log of run',
  `
  select coalesce(max(seq), 0)::int as entries, (select coalesce(sum(octet_length(e.payload::text)), 0)
    from agents.run_entries e where e.org_id = :org and e.run_id = :run and e.seq <= ${MOST_ENTRIES}) as octets
  from agents.run_entries where org_id = :org and run_id = :run`,
);
const entries = statement<EntryRow, { runs: string[] }>(
  'logs of runs',
  `
  select run_id, seq, payload, mark from agents.run_entries
  where org_id = :org and run_id = any(:runs::uuid[]) and seq <= ${MOST_ENTRIES} order by run_id, seq`,
);
/* Those whose logs are too much to be told are not read: neither is what was before them. */
const earlier = statement<
  { id: string; text: string },
  { id: string; conversation: string; limit: number; octets: number }
>(
  'runs before run',
  `
  with before as (
    select id, text from agents.runs
    where org_id = :org and conversation_id = :conversation and id < :id and state = 'done' order by id desc limit :limit),
  sized as (
    select b.id, b.text, (select coalesce(sum(octet_length(e.payload::text)), 0) from agents.run_entries e
      where e.org_id = :org and e.run_id = b.id) as octets
    from before b),
  summed as (select id, text, sum(octets) over (order by id desc) as octets from sized)
  select id, text from summed where octets <= :octets::int order by id desc`,
);
const append = statement<object, NewEntry>(
  'append to log of run',
  `
  insert into agents.run_entries (org_id, id, run_id, seq, kind, payload, at, mark)
  values (:org, :id::uuid, :run::uuid, :seq::int, :kind::text, :payload::jsonb, :at::timestamptz, :mark::text)`,
);
const next = statement<LogEnd, { run: string }>(
  'end of log of run',
  'select coalesce(max(seq), 0)::int + 1 as seq, now() as at from agents.run_entries where org_id = :org and run_id = :run',
);
const spend = statement<object, { id: string; stars: number }>(
  'spend for run',
  'update agents.runs set stars = stars + :stars::int where org_id = :org and id = :id',
);
const ended = statement<object, { id: string }>(
  'run that has ended',
  "select id from agents.runs where org_id = :org and id = :id and state not in ('queued', 'running')",
);
const end = statement<object, RunEnd & { id: string }>(
  'end worked run',
  `
  update agents.runs set state = :state, answer = :answer, failure = :failure, failure_detail = :detail,
    refused_by = :layer, finished_at = now()
  where org_id = :org and id = :id and state in ('queued', 'running')`,
);

/** Runs as those who work on them see them. Each step is one transaction, and holds the claim. */
@Injectable()
export class WorkRepository {
  constructor(
    private readonly database: TenantDatabase,
    private readonly jobs: Jobs,
    private readonly progress: RunProgress,
    private readonly marks: LogMarks,
  ) {}

  /**
   * The run and its log, once it is under way. Undefined when it has ended.
   *
   * @returns without a state where the log is none that this service left behind
   * @throws ClaimLostError
   */
  async begin(claim: Claim): Promise<{ run: WorkedRun; state?: RunState; earlier: ToldRun[] } | undefined> {
    // Nothing came on by that: a run that its processes do not survive is given up after a few attempts.
    await this.database.transaction(async () => {
      if (!(await this.jobs.keep(claim))) throw new ClaimLostError();
      await this.database.query(begin, { id: claim.id });
    });
    const [run] = await this.database.query(worked, { id: claim.id });
    if (!run) return undefined;
    const [log] = await this.database.query(size, { run: run.id });
    if (!log || log.entries > MOST_ENTRIES || Number(log.octets) > MOST_LOG) return { run, earlier: [] };
    const before = await this.database.query(earlier, {
      id: run.id,
      conversation: run.conversation_id,
      limit: MOST_EARLIER,
      octets: MOST_READ,
    });
    const states = await this.states([run.id, ...before.map(({ id }) => id)]);
    const told = before.map(({ id, text }) => ({ text, state: states.get(id) ?? NOTHING_DONE })).toReversed();
    return { run, state: states.has(run.id) ? states.get(run.id) : NOTHING_DONE, earlier: told };
  }

  /**
   * Appends to the log, together with what else is done in the same transaction.
   *
   * @param work gives what is appended, and is given back
   * @throws ClaimLostError where the claim is gone: nothing is written then
   */
  append<Event extends RunEvent>(claim: Claim, work: () => Event | Promise<Event>): Promise<Event> {
    return this.database.transaction(async () => {
      const [[kept], [end]] = await this.database.batch([this.jobs.cameOn(claim), call(next, { run: claim.id })]);
      if (!kept?.alive) throw new ClaimLostError();
      const event = await work();
      await this.write(claim.id, event, end);
      return event;
    });
  }

  /**
   * What is held for a step of a run that nobody goes on with, and that has no answer in its log.
   *
   * @param isStopped whether it is known that nobody does; else the run has to have ended
   */
  async heldFor(run: string, step: number, isStopped: boolean): Promise<Reserved | undefined> {
    const isOver = isStopped || (await this.database.query(ended, { id: run })).length > 0;
    if (!isOver) return undefined;
    const last = (await this.states([run])).get(run)?.steps.at(-1);
    return last?.asked.step === step && !last.answered ? last.reserved : undefined;
  }

  /** Appends what a run that has ended has still cost: the call of a model that was under way then. */
  async appendLate(run: string, event: RunEvent): Promise<void> {
    await this.database.transaction(async () => {
      const [end] = await this.database.query(next, { run });
      await this.write(run, event, end);
    });
  }

  /** Ends the run. @throws ClaimLostError */
  async end(claim: Claim, ended: RunEnd): Promise<void> {
    await this.held(claim, async () => {
      await this.database.query(end, { id: claim.id, ...ended });
      await this.progress.moved(claim.id);
    });
  }

  /** Ends a run whose job has ended without it. */
  async endWithout(id: string, failure: string, detail: string | null): Promise<void> {
    const ended = {
      state: 'failed',
      answer: null,
      failure,
      detail: detail?.slice(0, 500) ?? null,
      layer: null,
    } as const;
    await this.database.query(end, { id, ...ended });
    await this.progress.moved(id);
  }

  /** Goes with the commit. @param end of the log, in the open transaction */
  private async write(run: string, event: RunEvent, end: LogEnd | undefined): Promise<void> {
    if (!end) throw new Error('a log has an end');
    const mark = this.marks.of(placeOf(run, end.seq), event);
    const entry = { ...end, id: newId(), run, kind: event.kind, payload: JSON.stringify(event), mark };
    await this.database.transaction(async (transaction) => {
      transaction.defer(append, entry);
      if (event.kind === 'settled') transaction.defer(spend, { id: run, stars: event.stars });
      await this.progress.moved(run, { ...end, event });
    });
  }

  private held<T>(claim: Claim, work: () => Promise<T>): Promise<T> {
    return this.database.transaction(async () => {
      const [[kept]] = await this.database.batch([this.jobs.cameOn(claim)]);
      if (!kept?.alive) throw new ClaimLostError();
      return work();
    });
  }

  /** How far runs have come by their logs; nowhere that is known where a log is not this service’s own. */
  private async states(runs: string[]): Promise<Map<string, RunState | undefined>> {
    const states = new Map<string, RunState | undefined>();
    for (const entry of await this.database.query(entries, { runs })) {
      const { run_id: run } = entry;
      const state = states.has(run) ? states.get(run) : NOTHING_DONE;
      if (state) states.set(run, this.after(state, entry));
    }
    return states;
  }

  private after(state: RunState, { run_id: run, seq, payload, mark }: EntryRow): RunState | undefined {
    if (!this.marks.isOf(mark, placeOf(run, seq), payload)) return undefined;
    return evolve(state, payload);
  }
}

/** Where in a log of the acting organization. */
function placeOf(run: string, seq: number): LogPlace {
  return { org: currentTenant().orgId ?? '', run, seq };
}
