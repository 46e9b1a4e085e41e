import { newId } from '@apollo/tenancy';
import type pg from 'pg';
import type { BenchPerson } from './bench.person.js';

/** An organization of the dataset. */
export interface BenchOrg {
  readonly id: string;
  readonly slug: string;
}

/**
 * Makes organizations as the orgs service would have, each with the person as its owner: the organization's own rows,
 * which the directories follow. By SQL, because ten thousand creations over HTTP are another benchmark.
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
  await admin.query('commit');
  return orgs;
}
