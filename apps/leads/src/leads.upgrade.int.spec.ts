import { randomBytes } from 'node:crypto';
import { newId } from '@apollo/tenancy';
import { migrate } from '@apollo/tenancy/postgres';
import { databaseBefore } from '@apollo/testing';
import { leadsSchema } from './leads.schema.js';

/** Text that no compression makes shorter. */
const marks = (first: number, kinds: number, length: number): string =>
  Array.from({ length }, () => String.fromCharCode(first + (randomBytes(2).readUInt16BE() % kinds))).join('');

// Accents fold to nothing, and syllables to three letters each: an index of folded names took either.
const ACCENTS = marks(0x300, 0x70, 5_000);
const SYLLABLES = marks(0xac00, 11_172, 800);

/** Where 0060 was applied as it was released, indexes have whole texts: a long one has been taken if it could be compressed. */
const AS_RELEASED = [
  'drop index leads.leads_email, leads.leads_phone',
  'create index leads_email on leads.leads (org_id, lower(email))',
  'create index leads_phone on leads.leads (org_id, phone)',
];

it.each([
  ['0040', SYLLABLES],
  ['0060', ACCENTS],
  ['0075', ACCENTS],
])('is stopped at %s by no row that somebody planted, and keeps what stands there', async (first, contactName) => {
  const test = await databaseBefore(leadsSchema, first);
  const [org, pipeline, stage] = [newId(), newId(), newId()];
  if (first === '0075') for (const sql of AS_RELEASED) await test.admin(sql);
  const contact = first === '0075' ? 'a'.repeat(9_000) : randomBytes(6_750).toString('base64');
  await test.admin(`insert into leads.pipelines values ($1, $2, 'Sales', true, false, now(), 1)`, [org, pipeline]);
  await test.admin(`insert into leads.stages values ($1, $2, $3, 'New', 0, 'open', true, false)`, [
    org,
    stage,
    pipeline,
  ]);
  await test.admin(
    `insert into leads.leads (org_id, id, pipeline_id, stage_id, contact_name, email, phone, created_at, updated_at)
     values ($1, $2, $3, $4, $5, $6, $6, now(), now())`,
    [org, newId(), pipeline, stage, contactName, contact],
  );

  expect(await migrate(leadsSchema, test.migrateUrl)).not.toEqual([]);

  expect(await test.admin('select contact_name, email, phone from leads.leads')).toEqual([
    { contact_name: contactName, email: contact, phone: contact },
  ]);
  const cut = `select indexname from pg_indexes where schemaname = 'leads' and indexdef like '%"left"(%' order by 1`;
  expect((await test.admin(cut)).map(({ indexname }) => indexname)).toEqual(['leads_name']);
  expect(
    await test.admin('select octet_length(email_key) as email, octet_length(phone_key) as phone from leads.leads'),
  ).toEqual([{ email: 254, phone: 254 }]);
  await test.drop();
});
