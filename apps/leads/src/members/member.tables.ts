import { p, tenantTable } from '@apollo/tenancy/postgres';

/** Who belongs to the organization, as far as this service was told; the id is the person's. */
const members = tenantTable({
  name: 'Member',
  schema: 'leads',
  table: 'members',
  deletable: true,
  properties: {
    heardAt: p.datetime(3),
    // Somebody who left with many leads owns nothing new, and stays until the last one is released: how many were so far, and
    // whether they have joined again meanwhile.
    leftAt: p.datetime(3).nullable(),
    released: p.integer().default(0),
    isBack: p.boolean().default(false),
  },
  rawIndexes: [
    {
      name: 'members_leaving',
      expression: 'create index members_leaving on leads.members (org_id, left_at) where left_at is not null',
    },
  ],
});

export const memberTables = [members];

/** Leads refer to whoever left with many of them until those are released: until then no lead becomes theirs, as if they were gone. */
export const memberRules: readonly string[] = [
  `create function leads.owner_stays() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op = 'UPDATE' and new.owner_id is not distinct from old.owner_id then
    return new;
  end if;
  if exists (select from leads.members m where m.org_id = new.org_id and m.id = new.owner_id and m.left_at is not null) then
    raise exception 'whoever left owns nothing new' using errcode = '23503', constraint = 'leads_owner';
  end if;
  return new;
end $$;
revoke all on function leads.owner_stays from public;
create trigger leads_owner_stays before insert or update of owner_id on leads.leads for each row when (new.owner_id is not null) execute function leads.owner_stays();`,
];
