import { newId } from '@apollo/tenancy';
import { call, statement, TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';
import { PATIENCE } from '../work/claim.repository.js';
import type { RowBatch } from './row.batch.js';

/** What a batch belongs to. */
export interface BatchTarget {
  readonly id: string;
  readonly lease: string;
  readonly pipeline_id: string;
  /** Lead columns that the file may change in leads that are there already. */
  readonly mapped: readonly string[];
  /** Custom fields likewise. */
  readonly custom: readonly string[];
  readonly default_contact_name: string | null;
}

/** How far a batch brings an import: `from` rows took effect before it, `read` rows are in it. */
export interface BatchProgress {
  readonly from: number;
  readonly read: number;
  readonly refused: number;
  readonly noted: number;
}

const PLAIN = ['company', 'email', 'phone', 'site', 'city', 'state', 'country', 'owner_id', 'value_minor', 'tags'];

/** Each column of a lead with its value after the file's row has met the lead that is there. */
const MERGED: Readonly<Record<string, string>> = {
  // A default never takes the place of a name.
  contact_name: `case when 'contact_name' = any(:mapped::text[]) and excluded.contact_name is distinct from :default_contact_name::text then excluded.contact_name else l.contact_name end`,
  ...Object.fromEntries(
    PLAIN.map((column) => [
      column,
      `case when '${column}' = any(:mapped::text[]) then excluded.${column} else l.${column} end`,
    ]),
  ),
  custom_fields: '(l.custom_fields - :custom::text[]) || excluded.custom_fields',
};

const columns = Object.keys(MERGED);
const SET = columns.map((column) => `${column} = ${MERGED[column]}`).join(', ');
const DIFFERS = `(${columns.map((column) => `l.${column}`).join(', ')}) is distinct from (${Object.values(MERGED).join(', ')})`;

/** The import, locked, as long as it is claimed by this worker and stands where the batch begins: without it nothing is written. */
const HELD = `held as materialized (
    select i.id from leads.imports i where i.org_id = :org and i.id = :id and i.lease = :lease and i.status = 'running' and i.rows_read = :from::int for update)`;

interface Held {
  readonly id: string;
  readonly lease: string;
  readonly from: number;
}

/**
 * One statement for many rows: what is new enters at the pipeline's default stage, what is known by its external id is
 * changed where it differs, each with its activity, and the import counts them. A conflict can only be with a lead of
 * the same organization, whose id leads the key, and nothing here can fail on a value.
 */
const upsert = statement<object, BatchTarget & Held & { rows: string; size: number; detail: string }>(
  'import leads',
  `
  with ${HELD},
  written as (
    insert into leads.leads as l (org_id, id, pipeline_id, stage_id, contact_name, ${PLAIN.join(', ')}, custom_fields, external_id, created_at, updated_at, version)
    select :org, r.id, :pipeline_id::uuid, s.id, r.contact_name, ${PLAIN.map((column) => (column === 'tags' ? "coalesce(r.tags, '{}')" : `r.${column}`)).join(', ')},
      r.custom_fields, r.external_id, now(), now(), 1
    from json_to_recordset(:rows::json) as r(id uuid, contact_name text, company text, email text, phone text, site text, city text, state text, country text,
      owner_id uuid, value_minor bigint, tags text[], custom_fields jsonb, external_id text)
    join leads.stages s on s.org_id = :org and s.pipeline_id = :pipeline_id::uuid and s.is_default
    where exists (select from held)
    on conflict (org_id, external_id) do update set ${SET}, updated_at = now(), version = l.version + 1 where ${DIFFERS}
    returning l.id, old.id is null as is_new),
  told as (
    insert into leads.activities (org_id, id, lead_id, kind, actor, at, detail)
    select :org, uuidv7(), w.id, 'imported', :actor, now(), :detail::jsonb from written w),
  counted as (
    select count(*) filter (where is_new)::int as created, count(*) filter (where not is_new)::int as updated from written)
  update leads.imports i set created = i.created + c.created, updated = i.updated + c.updated, unchanged = i.unchanged + :size::int - c.created - c.updated
  from counted c where i.org_id = :org and i.id in (select id from held)`,
);

const note = statement<object, Held & { problems: string }>(
  'note import errors',
  `
  with ${HELD}
  insert into leads.import_errors (org_id, id, import_id, position, line, column_name, problem)
  select :org, e.id, :id::uuid, e.position, e.line, e."column", e.problem
  from json_to_recordset(:problems::json) as e(id uuid, position int, line int, "column" text, problem text) where exists (select from held)`,
);
const advance = statement<{ id: string }, Held & BatchProgress>(
  'advance import',
  `
  with ${HELD}
  update leads.imports i set rows_read = i.rows_read + :read::int, refused = i.refused + :refused::int, errors_noted = i.errors_noted + :noted::int,
    attempts = 0, heartbeat_at = now()
  where i.org_id = :org and i.id in (select id from held) returning i.id`,
);
const watch = statement<object, { id: string; seconds: number }>(
  'watch import',
  'select leads.watch_import(:id, :seconds) where :org::uuid is not null',
);

/** The rows of an import on their way into the organization's leads. */
@Injectable()
export class RowRepository {
  constructor(private readonly database: TenantDatabase) {}

  /**
   * Writes a batch, all or nothing, in one round trip: leads, their activities, problems, and how far the import has come.
   *
   * @returns false when somebody else has taken the import over; then nothing was written
   */
  async write(target: BatchTarget, batch: RowBatch): Promise<boolean> {
    const progress = batch.progress();
    const held = { id: target.id, lease: target.lease, from: progress.from };
    const detail = JSON.stringify({ import_id: target.id });
    const problems = batch.toNote().map((problem) => ({ id: newId(), ...problem }));
    const answers = await this.database.batch([
      ...batch.rounds().map((round) => call(upsert, { ...target, ...held, ...round, detail })),
      ...(problems.length > 0 ? [call(note, { ...held, problems: JSON.stringify(problems) })] : []),
      call(watch, { id: target.id, seconds: PATIENCE + 1 }),
      call(advance, { ...held, ...progress }),
    ]);
    return answers.at(-1)?.length === 1;
  }
}
