import { newId } from '@apollo/tenancy';
import { call, functionCall, statement, TenantDatabase } from '@apollo/tenancy/postgres';
import { type Claim, Jobs } from '@apollo/work';
import { Injectable } from '@nestjs/common';
import { openStage } from '../../pipelines/open.stage.sql.js';
import { storedObject } from '../../stored.object.js';
import { archivedPipeline } from '../import.destination.js';
import type { Identity } from '../plan/row.identity.js';
import { CONTINUED } from './kept.change.js';
import { CHANGED, CHANGED_RECORD, PLAIN } from './lead.columns.js';
import type { LeadRow } from './lead.row.js';
import type { BatchProgress, RowBatch } from './row.batch.js';
import type { KnownLead, PlannedLead } from './known.lead.js';
import { identityOf, isById } from './lead.identity.js';
import { RowMerge } from './row.merge.js';

/** What a batch belongs to. */
export interface BatchTarget extends Claim {
  readonly pipeline_id: string;
  readonly identity: Identity;
  /** Whether nobody said so. */
  readonly isGuessed: boolean;
  /** Custom field that takes what found no place in a lead; null when there is none. */
  readonly keptKey: string | null;
}

/* Whoever left since the cell was read owns nothing; what nobody changes stays as it is. */
const ownerOf = (kept: string): string =>
  `coalesce((select m.id from leads.members m where m.org_id = :org and m.id = r.owner_id and m.left_at is null), ${kept})`;
const written = (kept: string): string[] => PLAIN.map((name) => (name === 'owner_id' ? ownerOf(kept) : `r.${name}`));

const KNOWN = ['id', ...CHANGED, 'version'].map((name) => `l.${name}`).join(', ');
const WRITTEN = `id uuid, ${CHANGED_RECORD}, version int, created_at timestamptz, detail jsonb`;

/** The import, locked, as long as it stands where the batch begins, and its pipeline, which is not archived meanwhile. */
const held = statement<{ errors_noted: number; archived: boolean }, { id: string; from: number }>(
  'hold import',
  `
  select i.errors_noted, p.archived from leads.imports i join leads.pipelines p on p.org_id = :org and p.id = i.pipeline_id
  where i.org_id = :org and i.id = :id and i.status = 'running' and i.rows_read = :from::int for update of i for key share of p`,
);

/*
 * One index probe for each key, whatever is believed of the table's size: the oldest lead that has it. Ordered by the id
 * itself, the primary key would be walked for each key as long as the table counts as small.
 */
const knownBy = (name: string, type: string, column: string, lock: string) =>
  statement<KnownLead, { keys: string[] }>(
    `leads known by ${name} ${lock}`,
    `
    select l.* from unnest(:keys::${type}[]) as k (key) cross join lateral (
      select ${KNOWN} from leads.leads l where l.org_id = :org and ${column} = k.key order by l.id::text limit 1 ${lock}) l`,
  );
/** How rows of an import find the leads that are there already. */
export const known = (lock: 'for update' | '') => ({
  id: knownBy('id', 'uuid', 'l.id', lock),
  external_id: knownBy('external id', 'text', 'l.external_id', lock),
  email: knownBy('address', 'text', 'l.email_key', lock),
  phone: knownBy('phone', 'text', 'l.phone_key', lock),
});
const TO_CHANGE = known('for update');
const TO_SEE = known('');

/* A stage that was archived since the cell was read takes no leads, nor does one of an archived pipeline. */
const PLACE = `left join lateral (${openStage('r.stage_id')}) x on true`;

/** New leads enter at the stage that their row names, or the pipeline's default one, each with its activity. */
const insert = statement<object, { pipeline_id: string; rows: string }>(
  'import new leads',
  `
  with r as materialized (select * from json_to_recordset(:rows::json) as r(${WRITTEN})),
  written as (
    insert into leads.leads (org_id, id, pipeline_id, stage_id, ${PLAIN.join(', ')}, custom_fields, external_id, created_at, updated_at, version)
    select :org, r.id, coalesce(x.pipeline_id, s.pipeline_id), coalesce(x.id, s.id), ${written('null').join(', ')}, r.custom_fields, r.external_id,
      coalesce(r.created_at, now()), now(), r.version
    from r join leads.stages s on s.org_id = :org and s.pipeline_id = :pipeline_id::uuid and s.is_default ${PLACE})
  insert into leads.activities (org_id, id, lead_id, kind, actor, at, detail) select :org, uuidv7(), r.id, 'imported', :actor, now(), r.detail from r`,
);
/* Kept as a lead was before the import's first change of it, and as its last one left it, as long as nobody else touched it. */
const change = statement<object, { id: string; rows: string }>(
  'import changed leads',
  `
  with r as materialized (select * from json_to_recordset(:rows::json) as r(${WRITTEN}, before jsonb)),
  written as (
    update leads.leads l set pipeline_id = coalesce(r.to_pipeline, l.pipeline_id), stage_id = coalesce(r.to_stage, l.stage_id), (${PLAIN.join(', ')}) = row(${written('case when l.owner_id = r.owner_id then l.owner_id end').join(', ')}),
      custom_fields = r.custom_fields, external_id = r.external_id, version = r.version, updated_at = now()
    from (select r.*, x.pipeline_id as to_pipeline, x.id as to_stage from r ${PLACE}) r
    where l.org_id = :org and l.id = r.id returning ${KNOWN}),
  kept as (
    insert into leads.import_changes as c (org_id, id, import_id, lead_id, version, before, after)
    select :org, uuidv7(), :id::uuid, w.id, w.version, to_jsonb(b), to_jsonb(w)
    from written w join r on r.id = w.id cross join lateral jsonb_to_record(r.before) as b(${CHANGED_RECORD}, version int)
    on conflict (org_id, import_id, lead_id) do update set ${CONTINUED})
  insert into leads.activities (org_id, id, lead_id, kind, actor, at, detail) select :org, uuidv7(), r.id, 'imported', :actor, now(), r.detail from r`,
);
const note = statement<object, { id: string; problems: string }>(
  'note import errors',
  `
  insert into leads.import_errors (org_id, id, import_id, position, line, column_name, problem, refused)
  select :org, e.id, :id::uuid, e.position, e.line, e."column", e.problem, e.refused
  from json_to_recordset(:problems::json) as e(id uuid, position int, line int, "column" text, problem text, refused bool)`,
);
const advance = statement<
  object,
  BatchProgress & { id: string; noted: number; created: number; updated: number; unchanged: number }
>(
  'advance import',
  `
  update leads.imports i set rows_read = i.rows_read + :read::int, refused = i.refused + :refused::int, cells_left_out = i.cells_left_out + :cells_left_out::int,
    errors_noted = i.errors_noted + :noted::int, created = i.created + :created::int, updated = i.updated + :updated::int,
    unchanged = i.unchanged + :unchanged::int
  where i.org_id = :org and i.id = :id and i.rows_read = :from::int`,
);
/* A plan that was kept from when the table was empty walks all leads of the organization for each row. */
const planAnew = functionCall(
  'plan for the table as it is',
  `select pg_catalog.set_config('plan_cache_mode', 'force_custom_plan', true)`,
);

/** The rows of an import on their way into the organization's leads. */
@Injectable()
export class RowRepository {
  constructor(
    private readonly database: TenantDatabase,
    private readonly jobs: Jobs,
  ) {}

  /** The leads that rows may be, oldest first, as they are now. */
  async known(rows: readonly LeadRow[], identity: Identity): Promise<KnownLead[]> {
    const lookups = lookupsOf(rows, identity, TO_SEE);
    if (lookups.length === 0) return [];
    return distinct((await this.database.batch(lookups)).flat());
  }

  /** The leads that have the addresses of rows which are recognized by an id; none where they are by something else. */
  async addressed(rows: readonly LeadRow[], identity: Identity): Promise<KnownLead[]> {
    const lookups = addressLookups(rows, identity);
    if (lookups.length === 0) return [];
    return distinct((await this.database.batch(lookups)).flat());
  }

  /**
   * Writes a batch, all or nothing: leads, their activities, problems, and how far the import has come.
   *
   * @returns false when somebody else has taken the import over; then nothing was written
   * @throws DomainError `state_conflict` where the pipeline is archived by now
   */
  async write(target: BatchTarget, batch: RowBatch): Promise<boolean> {
    return this.database.transaction(async (transaction) => {
      transaction.precede(planAnew, {});
      const lookups = lookupsOf(batch.rows, target.identity, TO_CHANGE);
      const addressLookup = addressLookups(batch.rows, target.identity);
      const [[kept], [import_], ...results] = await this.database.batch([
        this.jobs.cameOn(target),
        call(held, { id: target.id, from: batch.progress().from }),
        ...lookups,
        ...addressLookup,
      ]);
      if (!kept?.alive || !import_) return false;
      if (import_.archived) throw archivedPipeline();
      const { identity, keptKey, isGuessed } = target;
      const [found, addressed] = [results.slice(0, lookups.length), results.slice(lookups.length)].map((some) =>
        distinct(some.flat()),
      );
      const merge = new RowMerge(found ?? [], identity, keptKey, isGuessed, addressed);
      await merge.addAll(batch.rows);
      const { planned, problems, held: heldCells, refused, ...counts } = merge.result();
      batch.forgive(heldCells);
      batch.refuse(problems);
      const noted = batch.toNote(import_.errors_noted, problems);
      const progress = batch.progress();
      const rows = (isNew: boolean) => planned.filter(({ before }) => (before === null) === isNew);
      const [added, changed] = [rows(true), rows(false)];
      await this.database.batch([
        added.length > 0 ? call(insert, { pipeline_id: target.pipeline_id, rows: json(target, added) }) : null,
        changed.length > 0 ? call(change, { id: target.id, rows: json(target, changed) }) : null,
        noted.length > 0
          ? call(note, { id: target.id, problems: JSON.stringify(noted.map((each) => ({ id: newId(), ...each }))) })
          : null,
        call(advance, {
          ...progress,
          ...counts,
          refused: progress.refused + refused,
          id: target.id,
          noted: noted.length,
        }),
      ]);
      return true;
    });
  }
}

function lookupsOf(rows: readonly LeadRow[], identity: Identity, known: typeof TO_SEE) {
  const kinds = new Set<Identity>([identity, 'external_id']);
  return [...kinds].flatMap((by) => {
    if (by === 'none') return [];
    const keys = keysOf(rows, by);
    return keys.length > 0 ? [call(known[by], { keys })] : [];
  });
}

function keysOf(rows: readonly LeadRow[], by: Identity): string[] {
  return [...new Set(rows.flatMap((row) => identityOf(row, by) ?? []))].sort();
}

function addressLookups(rows: readonly LeadRow[], identity: Identity) {
  const keys = isById(identity) ? keysOf(rows, 'email') : [];
  return keys.length > 0 ? [call(TO_SEE.email, { keys })] : [];
}

/** Each lead once, oldest first, as ids are made in the order of time; without custom fields where SQL wrote what are none. */
function distinct(leads: readonly KnownLead[]): KnownLead[] {
  const whole = leads.map((lead) => ({ ...lead, custom_fields: storedObject(lead.custom_fields) }));
  return [...new Map(whole.map((lead) => [lead.id, lead])).values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function json({ id }: BatchTarget, planned: readonly PlannedLead[]): string {
  return JSON.stringify(
    planned.map(({ lead, before, created_at, fields }) => ({
      ...lead,
      before,
      created_at,
      detail: { import_id: id, ...(fields.size > 0 ? { fields: [...fields].slice(0, 50) } : {}) },
    })),
  );
}
