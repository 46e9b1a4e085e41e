import type pg from 'pg';

/** The stages of a default pipeline, in order. */
const STAGES = ['New', 'Qualified', 'In conversation', 'Proposal sent', 'Negotiation', 'Won', 'Lost'];

/**
 * Gives each organization its default pipeline and `perOrg` leads, made by the server itself. Runs as superuser, past
 * row-level security and foreign keys: seeding is not what is measured.
 */
export async function fillLeads(admin: pg.Client, orgIds: readonly string[], perOrg: number): Promise<void> {
  await admin.query('begin');
  await admin.query("set local session_replication_role = 'replica'");
  await admin.query(
    `create temporary table filling on commit drop as select org_id, gen_random_uuid() as pipeline_id from unnest($1::uuid[]) org_id`,
    [orgIds],
  );
  await admin.query(`insert into leads.pipelines (org_id, id, name, is_default, archived, created_at, version)
    select org_id, pipeline_id, 'Sales', true, false, now(), 1 from filling`);
  await admin.query(
    `insert into leads.stages (org_id, id, pipeline_id, name, position, kind, is_default, archived)
     select org_id, gen_random_uuid(), pipeline_id, name, place - 1, case name when 'Won' then 'won' when 'Lost' then 'lost' else 'open' end, place = 1, false
     from filling, unnest($1::text[]) with ordinality as stage (name, place)`,
    [STAGES],
  );
  // Round by round over all organizations, as leads come in: those of one organization lie far apart on the disk.
  await admin.query(
    `insert into leads.leads (org_id, id, pipeline_id, stage_id, contact_name, company, email, phone, city, country, value_minor, tags, custom_fields, external_id, created_at, updated_at)
     select f.org_id, uuidv7(), f.pipeline_id, s.id, 'Contact ' || n, 'Company ' || n % 97, 'contact' || n || '@example.test', '+4930' || 1000000 + n, 'Berlin', 'DE',
       n * 1000, array['tag' || n % 7], jsonb_build_object('source', 'bench', 'score', n % 100), 'bench-' || n, moment, moment
     from generate_series(1, $1::int) n cross join filling f
     join leads.stages s on s.org_id = f.org_id and s.pipeline_id = f.pipeline_id and s.position = n % 5
     cross join lateral (select now() - make_interval(secs => ($1 - n) * 60.0) as moment) as times`,
    [perOrg],
  );
  await admin.query('commit');
}

/** Has the server learn about the new rows and settle down before anything is measured. */
export async function settle(admin: pg.Client): Promise<void> {
  await admin.query('vacuum (analyze)');
  await admin.query('checkpoint');
}
