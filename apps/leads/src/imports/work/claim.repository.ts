import { call, deletion, lookup, statement, TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';
import { MOST_ATTEMPTS } from '../import.limits.js';
import type { FileReading, KeptSettings } from '../import.repository.js';

/** An import that this process, and nobody else, works on. */
export interface ClaimedImport {
  readonly id: string;
  /** Proof of the claim: whoever takes it over changes it, and then nothing of the former worker is written any more. */
  readonly lease: string;
  /** `running` or `undoing`. */
  readonly status: string;
  readonly rows_undone: number;
  readonly mapping: unknown;
  readonly settings: KeptSettings;
  readonly reading: FileReading;
  readonly default_contact_name: string | null;
  readonly value_decimals: number;
  readonly pipeline_id: string;
  readonly rows_total: number | null;
  readonly rows_read: number;
  readonly errors_noted: number;
  readonly attempts: number;
  readonly created_at: Date;
}

/** Seconds of silence after which a worker counts as gone. */
export const PATIENCE = 30;

interface Held {
  readonly id: string;
  readonly lease: string;
}

/** An import that somebody has to look at. */
export interface DueImport {
  readonly org_id: string;
  readonly import_id: string;
  readonly started_by: string;
}

const find = lookup<DueImport>('imports that need somebody', 'select * from leads.find_stalled_imports()');
const watch = statement<object, { id: string; seconds: number }>(
  'watch import',
  'select leads.watch_import(:id, :seconds) where :org::uuid is not null',
);
const unwatch = statement<object, { id: string }>(
  'unwatch import',
  'select leads.unwatch_import(:id) where :org::uuid is not null',
);

const claim = statement<ClaimedImport, Held & { patience: number }>(
  'claim import',
  `
  update leads.imports i set lease = :lease::uuid, heartbeat_at = now(), attempts = least(i.attempts + 1, ${MOST_ATTEMPTS})
  where i.org_id = :org and i.id = :id and i.status in ('running', 'undoing')
    and (i.lease is null or i.heartbeat_at < now() - make_interval(secs => :patience))
    and not exists (select from leads.imports o where o.org_id = :org and o.id <> i.id and o.lease is not null)
  returning i.id, i.lease, i.status, i.rows_undone, i.mapping, i.settings, i.reading, i.default_contact_name, i.value_decimals, i.pipeline_id, i.rows_total, i.rows_read,
    i.errors_noted, i.attempts, i.created_at`,
);
const state = statement<{ status: string; age: number }, { id: string }>(
  'import state',
  `
  select status, extract(epoch from now() - created_at)::float8 as age from leads.imports where org_id = :org and id = :id`,
);
const beat = statement<{ id: string }, Held & { rows_total: number | null; reading: string | null }>(
  'import heartbeat',
  `
  update leads.imports set heartbeat_at = now(), rows_total = coalesce(:rows_total::int, rows_total), reading = coalesce(:reading::jsonb, reading)
  where org_id = :org and id = :id and lease = :lease returning id`,
);
const release = statement<object, Held>(
  'release import',
  'update leads.imports set lease = null where org_id = :org and id = :id and lease = :lease',
);
const patience = statement(
  'wait briefly for locks',
  `select set_config('lock_timeout', '100ms', true) where :org::uuid is not null`,
);
/** How far an import came. */
export interface ImportCounts {
  readonly rows_read: number;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly refused: number;
}

const end = statement<
  ImportCounts,
  { id: string; lease: string | null; status: string; code: string | null; detail: string | null }
>(
  'end import',
  `
  update leads.imports set status = :status, error_code = :code, error_detail = :detail, finished_at = now(), lease = null
  where org_id = :org and id = :id and status in ('receiving', 'running') and lease is not distinct from :lease::uuid returning rows_read, created, updated, unchanged, refused`,
);
const undone = statement<ImportCounts, Held & { status: string }>(
  'end undo of import',
  `
  update leads.imports set status = :status, lease = null
  where org_id = :org and id = :id and status = 'undoing' and lease = :lease returning rows_read, created, updated, unchanged, refused`,
);
const dropChunks = statement<object, { id: string }>(
  'drop import chunks',
  deletion('leads.import_chunks', 'org_id = :org and import_id = :id'),
);

/** Who works on which import: claims, heartbeats, and the directory of imports that still need somebody. */
@Injectable()
export class ClaimRepository {
  constructor(private readonly database: TenantDatabase) {}

  /** Imports that are due, of any organization; only under the platform scope. */
  findDue(): Promise<DueImport[]> {
    return this.database.query(find, {});
  }

  /** Runs `work` in a transaction that waits for each lock for a tenth of a second at most: its organization may keep it. */
  briefly<T>(work: () => Promise<T>): Promise<T> {
    return this.database.transaction(async (transaction) => {
      transaction.precede(patience, {});
      return work();
    });
  }

  /** Has somebody look at the import in `seconds`. */
  async watch(id: string, seconds: number): Promise<void> {
    await this.database.query(watch, { id, seconds });
  }

  async unwatch(id: string): Promise<void> {
    await this.database.query(unwatch, { id });
  }

  /** Takes an import that nobody works on, unless another one of the organization is at work. */
  async claim(id: string, lease: string): Promise<ClaimedImport | undefined> {
    const [claimed] = await this.database.batch([
      call(claim, { id, lease, patience: PATIENCE }),
      call(watch, { id, seconds: PATIENCE + 1 }),
    ]);
    return claimed?.[0] as ClaimedImport | undefined;
  }

  /** Status and age in seconds. */
  async state(id: string): Promise<{ status: string; age: number } | undefined> {
    const [row] = await this.database.query(state, { id });
    return row;
  }

  /** A sign of life, and what was found out about the file. False when the claim is no longer ours. */
  async beat(held: Held, found?: { rows_total: number; reading: FileReading }): Promise<boolean> {
    const reading = found ? JSON.stringify(found.reading) : null;
    const [alive] = await this.database.batch([
      call(beat, { id: held.id, lease: held.lease, rows_total: found?.rows_total ?? null, reading }),
      call(watch, { id: held.id, seconds: PATIENCE + 1 }),
    ]);
    return alive?.length === 1;
  }

  /** Lets another process take over after `seconds`. */
  async release(held: Held, seconds: number): Promise<void> {
    await this.database.batch([
      call(release, { id: held.id, lease: held.lease }),
      call(watch, { id: held.id, seconds }),
    ]);
  }

  /** Ends the taking back of an import: `undone`, or `finished` again. Undefined when the claim is no longer ours. */
  async endUndo(held: Held, status: 'undone' | 'finished'): Promise<ImportCounts | undefined> {
    const [row] = await this.database.query(undone, { id: held.id, lease: held.lease, status });
    if (row) await this.unwatch(held.id);
    return row;
  }

  /** Ends an import for good and forgets its file. Undefined when the claim is no longer ours. */
  async end(ended: {
    id: string;
    lease: string | null;
    status: 'finished' | 'failed';
    code: string | null;
    detail: string | null;
  }): Promise<ImportCounts | undefined> {
    const [row] = await this.database.query(end, ended);
    if (row) await this.database.batch([call(dropChunks, { id: ended.id }), call(unwatch, { id: ended.id })]);
    return row;
  }
}
