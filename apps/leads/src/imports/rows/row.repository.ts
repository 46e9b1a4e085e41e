import { newId } from '@apollo/tenancy';
import { call, statement, type TenantTransaction } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';
import { PATIENCE } from '../work/claim.repository.js';
import type { RowProblem } from './lead.row.js';

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

/** How far an import has come before and with a batch. */
export interface BatchProgress {
  readonly from: number; readonly read: number; readonly created: number; readonly updated: number; readonly unchanged: number; readonly refused: number;
  readonly noted: number;
}

const PLAIN = ['company', 'email', 'phone', 'site', 'city', 'state', 'country', 'owner_id', 'value_minor', 'tags'];

/** Each column of a lead with its value after the file's row has met the lead that is there. */
const MERGED: Readonly<Record<string, string>> = {
  // A default never takes the place of a name.
  contact_name: `case when 'contact_name' = any(:mapped::text[]) and excluded.contact_name is distinct from :default_contact_name::text then excluded.contact_name else l.contact_name end`,
  ...Object.fromEntries(PLAIN.map((column) => [column, `case when '${column}' = any(:mapped::text[]) then excluded.${column} else l.${column} end`])),
  custom_fields: '(l.custom_fields - :custom::text[]) || excluded.custom_fields',
};

const columns = Object.keys(MERGED);
const SET = columns.map((column) => `${column} = ${MERGED[column]}`).join(', ');
const DIFFERS = `(${columns.map((column) => `l.${column}`).join(', ')}) is distinct from (${Object.values(MERGED).join(', ')})`;

/**
 * One statement for many rows: what is new enters at the pipeline's default stage, what is known by its external id is
 * changed where it differs, each with its activity. A conflict can only be with a lead of the same organization, whose
 * id leads the key, and nothing here can fail on a value.
 */
const upsert = statement<{ created: number; updated: number }, Omit<BatchTarget, 'id' | 'lease'> & { rows: string; detail: string }>('import leads', `
  with written as (
    insert into leads.leads as l (org_id, id, pipeline_id, stage_id, contact_name, ${PLAIN.join(', ')}, custom_fields, external_id, created_at, updated_at, version)
    select :org, r.id, :pipeline_id::uuid, s.id, r.contact_name, ${PLAIN.map((column) => (column === 'tags' ? "coalesce(r.tags, '{}')" : `r.${column}`)).join(', ')},
      r.custom_fields, r.external_id, now(), now(), 1
    from json_to_recordset(:rows::json) as r(id uuid, contact_name text, company text, email text, phone text, site text, city text, state text, country text,
      owner_id uuid, value_minor bigint, tags text[], custom_fields jsonb, external_id text)
    join leads.stages s on s.org_id = :org and s.pipeline_id = :pipeline_id::uuid and s.is_default
    on conflict (org_id, external_id) do update set ${SET}, updated_at = now(), version = l.version + 1 where ${DIFFERS}
    returning l.id, old.id is null as is_new),
  told as (
    insert into leads.activities (org_id, id, lead_id, kind, actor, at, detail)
    select :org, uuidv7(), w.id, 'imported', :actor, now(), :detail::jsonb from written w)
  select count(*) filter (where is_new)::int as created, count(*) filter (where not is_new)::int as updated from written`);

const advance = statement<{ id: string }, BatchProgress & { id: string; lease: string }>('advance import', `
  update leads.imports set rows_read = rows_read + :read::int, created = created + :created::int, updated = updated + :updated::int,
    unchanged = unchanged + :unchanged::int, refused = refused + :refused::int, errors_noted = errors_noted + :noted::int, attempts = 0, heartbeat_at = now()
  where org_id = :org and id = :id and lease = :lease and status = 'running' and rows_read = :from::int returning id`);
const note = statement<object, { id: string; problems: string }>('note import errors', `
  insert into leads.import_errors (org_id, id, import_id, position, line, column_name, problem)
  select :org, e.id, :id::uuid, e.position, e.line, e."column", e.problem
  from json_to_recordset(:problems::json) as e(id uuid, position int, line int, "column" text, problem text)`);
const watch = statement<object, { id: string; seconds: number }>('watch import', 'select leads.watch_import(:id, :seconds) where :org::uuid is not null');

/** The rows of an import on their way into the organization's leads. */
@Injectable()
export class RowRepository {
  /**
   * Writes leads and their activities.
   *
   * @param rounds JSON arrays of `LeadRow`s in which no external id repeats; a later round meets what an earlier one wrote
   */
  async upsert(transaction: TenantTransaction, target: BatchTarget, rounds: readonly string[]): Promise<{ created: number; updated: number }> {
    const detail = JSON.stringify({ import_id: target.id });
    const answers = await transaction.batch(rounds.map((rows) => call(upsert, { ...target, rows, detail })));
    return (answers.flat() as { created: number; updated: number }[])
      .reduce((sum, each) => ({ created: sum.created + each.created, updated: sum.updated + each.updated }), { created: 0, updated: 0 });
  }

  /** Writes how far the import has come. False when somebody else has taken it over: the transaction must not commit. */
  async advance(transaction: TenantTransaction, held: { id: string; lease: string }, progress: BatchProgress, problems: readonly (RowProblem & { position: number })[]): Promise<boolean> {
    const noted = problems.map((problem) => ({ id: newId(), ...problem }));
    const [advanced] = await transaction.batch([
      call(advance, { ...progress, id: held.id, lease: held.lease }),
      ...(noted.length > 0 ? [call(note, { id: held.id, problems: JSON.stringify(noted) })] : []),
    ]);
    transaction.defer(watch, { id: held.id, seconds: PATIENCE + 1 });
    return advanced?.length === 1;
  }
}
