import { call, deletion, statement, TenantDatabase } from '@apollo/tenancy/postgres';
import { type Claim, Jobs } from '@apollo/work';
import { Injectable } from '@nestjs/common';
import { openStage } from '../../pipelines/open.stage.sql.js';
import { CHANGED, CHANGED_RECORD } from '../rows/lead.columns.js';

const held = statement<{ id: string }, { id: string }>(
  'hold import to undo',
  `select i.id from leads.imports i where i.org_id = :org and i.id = :id and i.status = 'undoing' for update`,
);
const lock = statement<object, { leads: string[] }>(
  'lock imported leads',
  'select id from leads.leads where org_id = :org and id = any(:leads::uuid[]) order by id for update',
);
/*
 * A note, a move, a change by somebody or by another import: whatever happens to a lead is in its history, where nothing is
 * added while the lead is locked. Asked once it is: what was waited for would be seen by no statement that began before.
 * What another import did and was taken back is as if it had not been.
 */
const untouched = statement<{ id: string }, { id: string; leads: string[] }>(
  'untouched imported leads',
  `
  select l.id from leads.leads l where l.org_id = :org and l.id = any(:leads::uuid[]) and not exists (
    select coalesce(a.detail->>'import_id', '') from leads.activities a
    where a.org_id = :org and a.lead_id = l.id and a.detail->>'import_id' is distinct from :id::text
    except select u.detail->>'import_id' from leads.activities u where u.org_id = :org and u.lead_id = l.id and u.kind = 'import_undone')`,
);
const remove = statement<{ id: string }, { leads: string[] }>(
  'remove imported leads',
  deletion('leads.leads', 'org_id = :org and id = any(:leads::uuid[])'),
);
const left = statement<{ id: string }, { leads: string[] }>(
  'imported leads that stay',
  'select id from leads.leads where org_id = :org and id = any(:leads::uuid[]) order by id',
);
const changed = statement<{ id: string; lead_id: string }, { id: string; limit: number }>(
  'import changes to undo',
  'select c.id, c.lead_id from leads.import_changes c where c.org_id = :org and c.import_id = :id order by c.id limit :limit',
);
/*
 * Another import that changed a lead before has left it as it is again, under its new version. Whoever left meanwhile owns
 * nothing, and a lead whose stage was archived meanwhile stays where it is. An external id that another lead was given
 * is no reason to fail: the lead stays.
 */
const OPEN_PLACE = `exists (${openStage('b.stage_id')})`;
const RESTORED: Readonly<Record<string, string>> = {
  pipeline_id: `case when ${OPEN_PLACE} then b.pipeline_id else l.pipeline_id end`,
  stage_id: `case when ${OPEN_PLACE} then b.stage_id else l.stage_id end`,
  owner_id: '(select m.id from leads.members m where m.org_id = :org and m.id = b.owner_id and m.left_at is null)',
};
const restore = statement<{ id: string }, { id: string; changes: string[] }>(
  'restore imported leads',
  `
  with restored as (
    update leads.leads l set ${CHANGED.map((name) => `${name} = ${RESTORED[name] ?? `b.${name}`}`).join(', ')}, version = l.version + 1, updated_at = now()
    from leads.import_changes c cross join lateral jsonb_to_record(c.before) as b(${CHANGED_RECORD}, version int)
    where c.org_id = :org and c.id = any(:changes::uuid[]) and l.org_id = :org and l.id = c.lead_id and l.version = c.version
      and not exists (select from leads.leads o where o.org_id = :org and o.external_id = b.external_id and o.id <> l.id)
    returning l.id, l.version, b.version as found),
  continued as (
    update leads.import_changes o set version = r.version from restored r
    where o.org_id = :org and o.lead_id = r.id and o.import_id <> :id::uuid and o.version = r.found),
  told as (
    insert into leads.activities (org_id, id, lead_id, kind, actor, at, detail)
    select :org, uuidv7(), r.id, 'import_undone', :actor, now(), jsonb_build_object('import_id', :id::text) from restored r)
  select id from restored`,
);
const forget = statement<object, { changes: string[] }>(
  'forget import changes',
  deletion('leads.import_changes', 'org_id = :org and id = any(:changes::uuid[])'),
);
const forgetOf = statement<object, { id: string; leads: string[] }>(
  'forget import changes of leads',
  deletion('leads.import_changes', 'org_id = :org and import_id = :id and lead_id = any(:leads::uuid[])'),
);
const advance = statement<object, { id: string; rows: number; removed: number; restored: number; stayed: string[] }>(
  'advance undo of import',
  `
  update leads.imports i set rows_undone = i.rows_undone + :rows::int, undo = jsonb_build_object(
    'removed', (i.undo->>'removed')::int + :removed::int, 'restored', (i.undo->>'restored')::int + :restored::int,
    'stayed', (i.undo->>'stayed')::int + cardinality(:stayed::text[]),
    'stayed_leads', (select coalesce(jsonb_agg(s.id), '[]') from (
      select e.id from (select jsonb_array_elements_text(i.undo->'stayed_leads') as id union all select unnest(:stayed::text[])) e limit 100) s))
  where i.org_id = :org and i.id = :id`,
);

/** What imports did, on its way back. Each step is one transaction with the progress it makes. */
@Injectable()
export class UndoRepository {
  constructor(
    private readonly database: TenantDatabase,
    private readonly jobs: Jobs,
  ) {}

  /**
   * Removes leads that an import has made, but for those that were touched since: they stay as they are.
   *
   * @param leads their ids
   * @param rows rows of the import that this goes through
   * @returns false when the claim is no longer ours
   */
  async remove(import_: Claim, leads: string[], rows: number): Promise<boolean> {
    return this.step(import_, async () => {
      const [, whole] = await this.database.batch([call(lock, { leads }), call(untouched, { id: import_.id, leads })]);
      const gone = await this.database.query(remove, { leads: whole.map(({ id }) => id) });
      const stayed = (await this.database.query(left, { leads })).map(({ id }) => id);
      // A later row of the import may have changed them again.
      await this.database.query(forgetOf, { id: import_.id, leads: stayed });
      return { rows, removed: gone.length, restored: 0, stayed };
    });
  }

  /**
   * Makes a few leads what they were before an import changed them, but for those that were touched since.
   *
   * @returns how many changes this went through, 0 when there are none left; false when the claim is no longer ours
   */
  async restore(import_: Claim, limit: number): Promise<number | false> {
    let found = 0;
    const done = await this.step(import_, async () => {
      const rows = await this.database.query(changed, { id: import_.id, limit });
      found = rows.length;
      const changes = rows.map(({ id }) => id);
      // Leads first, as whoever imports does: their changes by other imports are written as well.
      await this.database.query(lock, { leads: rows.map(({ lead_id }) => lead_id) });
      const restored = new Set((await this.database.query(restore, { id: import_.id, changes })).map(({ id }) => id));
      const others = rows.map(({ lead_id }) => lead_id).filter((id) => !restored.has(id));
      const stayed = await this.database.query(left, { leads: others });
      await this.database.query(forget, { changes });
      return { rows: found, removed: 0, restored: restored.size, stayed: stayed.map(({ id }) => id) };
    });
    return done && found;
  }

  private async step(
    claim: Claim,
    work: () => Promise<{ rows: number; removed: number; restored: number; stayed: string[] }>,
  ): Promise<boolean> {
    return this.database.transaction(async () => {
      const { id } = claim;
      const [[kept], [holding]] = await this.database.batch([this.jobs.cameOn(claim), call(held, { id })]);
      if (!kept?.alive || !holding) return false;
      const progress = await work();
      await this.database.query(advance, { id, ...progress });
      return true;
    });
  }
}
