import { newId } from '@apollo/tenancy';
import type pg from 'pg';
import type { BenchPerson } from './bench.person.js';

/** An organization of the dataset. */
export interface BenchOrg {
  readonly id: string;
  readonly slug: string;
}

/**
 * Makes organizations as the orgs service would have, each with the person as its owner: the organization's own rows
 * and what the directories say about them. By SQL, because ten thousand creations over HTTP are another benchmark.
 *
 * @param from number of the first one, so that a dataset can grow
 */
export async function makeOrgs(
  admin: pg.Client,
  person: BenchPerson,
  from: number,
  count: number,
): Promise<BenchOrg[]> {
  const orgs = Array.from({ length: count }, (_, i) => ({
    id: newId(),
    slug: `bench-${String(from + i).padStart(5, '0')}`,
  }));
  await admin.query('begin');
  await admin.query(
    `create temporary table made on commit drop as select * from unnest($1::uuid[], $2::text[]) as made (org_id, slug)`,
    [orgs.map(({ id }) => id), orgs.map(({ slug }) => slug)],
  );
  await admin.query(`insert into orgs.organizations (org_id, id, slug, name, time_zone, language, currency, created_at)
    select org_id, org_id, slug, 'Bench ' || slug, 'UTC', 'en', 'EUR', now() from made`);
  await admin.query(
    `insert into orgs.members (org_id, id, email, name, role, joined_at) select org_id, $1, $2, 'Bench', 'owner', now() from made`,
    [person.id, person.email],
  );
  await admin.query(
    `insert into orgs.slugs (slug, org_id, status, mfa_required) select slug, org_id, 'active', false from made`,
  );
  await admin.query(
    `insert into orgs.seats (user_id, slug, org_id, role, version) select $1, slug, org_id, 'owner', 1 from made`,
    [person.id],
  );
  await admin.query('commit');
  return orgs;
}
