import type { agentsMessages } from '@apollo/contracts';
import { isUniqueViolation, statement, TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';
import type { RunEvent } from './run.log.js';
import { RunProgress } from './run.progress.js';

type Run = agentsMessages.Run;
type Moment = 'created_at' | 'started_at' | 'finished_at';
type Row = Omit<Run, Moment> & { created_at: Date; started_at: Date | null; finished_at: Date | null };

/** A run as somebody begins it. */
export interface NewRun {
  readonly id: string;
  readonly conversation_id: string;
  readonly persona_id: string;
  readonly text: string;
}

/** One entry of a log. */
export interface LogEntry {
  readonly seq: number;
  readonly at: Date;
  readonly event: RunEvent;
}

const COLUMNS =
  'id, conversation_id, persona_id, persona_version, asked_by, text, state, answer, failure, failure_detail, refused_by, stars, created_at, started_at, finished_at';
const page = statement<Row, { conversation: string; before: string; limit: number }>(
  'runs of conversation',
  `
  select ${COLUMNS} from agents.runs where org_id = :org and conversation_id = :conversation and id < :before
  order by id desc limit :limit`,
);
const one = statement<Row, { id: string }>(
  'run',
  `select ${COLUMNS} from agents.runs where org_id = :org and id = :id`,
);
const entries = statement<{ seq: number; at: Date; payload: RunEvent }, { run: string; after: number; limit: number }>(
  'log of run',
  `
  select seq, at, payload from agents.run_entries where org_id = :org and run_id = :run and seq > :after::int
  order by seq limit :limit`,
);
const create = statement<Row, NewRun & { at: Date }>(
  'begin run',
  `
  insert into agents.runs (org_id, id, conversation_id, persona_id, persona_version, asked_by, text, state, stars, created_at)
  select :org, :id::uuid, :conversation_id::uuid, p.id, p.version, :actor::uuid, :text::text, 'queued', 0, :at::timestamptz
  from agents.personas p where p.org_id = :org and p.id = :persona_id and not p.archived
  returning ${COLUMNS}`,
);
const chief = statement<{ id: string }>(
  'persona that answers',
  'select id from agents.personas where org_id = :org and is_chief_of_staff',
);
const end = statement<Row, EndedRun & { at: Date }>(
  'end run',
  `
  update agents.runs set state = :state, answer = :answer, failure = :failure, failure_detail = :failure_detail,
    refused_by = :refused_by, finished_at = :at
  where org_id = :org and id = :id and state in ('queued', 'running') returning ${COLUMNS}`,
);

/** How a run ends. */
export interface EndedRun extends Pick<Run, 'id' | 'answer' | 'failure' | 'failure_detail' | 'refused_by'> {
  readonly state: 'done' | 'failed' | 'cancelled';
}

/** Runs as they begin, are shown and end. */
@Injectable()
export class RunRepository {
  constructor(
    private readonly database: TenantDatabase,
    private readonly progress: RunProgress,
  ) {}

  /** At most `limit` of a conversation before the one with id `before`, newest first. */
  async page(conversation: string, before: string, limit: number): Promise<Run[]> {
    return (await this.database.query(page, { conversation, before, limit })).map(runOf);
  }

  async find(id: string): Promise<Run | undefined> {
    const [row] = await this.database.query(one, { id });
    return row && runOf(row);
  }

  /** The log of a run after an entry, in its order. */
  async entries(run: string, after: number, limit: number): Promise<LogEntry[]> {
    const rows = await this.database.query(entries, { run, after, limit });
    return rows.map(({ seq, at, payload }) => ({ seq, at, event: payload }));
  }

  async chiefOfStaff(): Promise<string | undefined> {
    const [row] = await this.database.query(chief, {});
    return row?.id;
  }

  /**
   * In the name of the acting person, under the version that the persona has now.
   *
   * @returns `busy` while another one of the conversation is under way, nothing when there is no such persona in use
   */
  async create(run: NewRun, at: Date): Promise<Run | 'busy' | undefined> {
    try {
      const [row] = await this.database.query(create, { ...run, at });
      return row && runOf(row);
    } catch (error) {
      if (isUniqueViolation(error, 'runs_one_at_a_time')) return 'busy';
      throw error;
    }
  }

  /** Undefined when it has ended already, or there is none. */
  async end(run: EndedRun, at: Date): Promise<Run | undefined> {
    const [row] = await this.database.query(end, { ...run, at });
    if (row) await this.progress.moved(run.id);
    return row && runOf(row);
  }
}

function runOf(row: Row): Run {
  return {
    ...row,
    created_at: row.created_at.toISOString(),
    started_at: row.started_at?.toISOString() ?? null,
    finished_at: row.finished_at?.toISOString() ?? null,
  };
}
