import type pg from 'pg';

/** Words of the language that is written here, from common to rare ones, and of each passage: a kilobyte of it. */
const VOCABULARY = 6_000;
const WORDS = 128;

/** What is looked for: one word that a tenth of the passages has, and one that a third has. */
export const SEARCHED = 'wordbdi wordhj';

/**
 * Gives each organization one document of so many passages, with their words as agents keeps them. As superuser, past
 * row-level security and foreign keys: seeding is not what is measured.
 */
export async function fillDocuments(admin: pg.Client, orgIds: readonly string[], passages: number): Promise<void> {
  await admin.query('begin');
  await admin.query("set local session_replication_role = 'replica'");
  await admin.query(
    `create temporary table filling on commit drop as select org_id, uuidv7() as document_id from unnest($1::uuid[]) org_id`,
    [orgIds],
  );
  await admin.query(
    `insert into agents.documents (org_id, id, title, language, upload, ready_upload, passages, created_by, created_at, version)
     select org_id, document_id, 'Bench', 'en', 1, 1, $1::int, org_id, now(), 3 from filling`,
    [passages],
  );
  // Round by round over all organizations, as they come in; common words are drawn more often than others.
  await admin.query(
    `create temporary table written on commit drop as
     select f.org_id, uuidv7() as id, f.document_id, n as nth, (
       select string_agg('word' || translate(floor($3::int * random() ^ 3)::text, '0123456789', 'abcdefghij'), ' ')
       from generate_series(1, $2::int) as place where n > 0 and f.org_id is not null) as body
     from generate_series(1, $1::int) n cross join filling f`,
    [passages, WORDS, VOCABULARY],
  );
  await admin.query(`insert into agents.document_passages (org_id, id, document_id, page, nth, body)
    select org_id, id, document_id, 1, nth, body from written`);
  await admin.query(`insert into agents.document_words (org_id, id, document_id, language, words)
    select org_id, id, document_id, 'en', to_tsvector('english', body) from written`);
  await admin.query('commit');
}
