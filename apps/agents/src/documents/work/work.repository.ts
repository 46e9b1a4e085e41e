import type { agentsMessages } from '@apollo/contracts';
import { newId } from '@apollo/tenancy';
import { call, deletion, statement, TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';
import { PASSAGES_AT_ONCE } from '../document.limits.js';
import type { CutText } from '../passage.cut.js';
import { searchText } from '../search.text.js';

/** A document as it is worked on. */
export interface WorkedDocument {
  readonly id: string;
  readonly title: string;
  readonly language: agentsMessages.DocumentLanguage;
  readonly upload: number;
  readonly media_type: agentsMessages.DocumentType;
  readonly bytes: number;
  readonly state: agentsMessages.DocumentState;
  /** Seconds since the upload began. */
  readonly age: number;
}

interface WrittenPassages {
  id: string;
  language: string;
  title: string;
  ids: string[];
  pages: number[];
  nths: number[];
  bodies: string[];
  folded: string[];
}

const find = statement<WorkedDocument, { id: string }>(
  'document to work on',
  `
  select d.id, d.title, d.language, d.upload, u.media_type, u.bytes, u.state,
    extract(epoch from now() - u.created_at)::float8 as age
  from agents.documents d
    join agents.document_uploads u on u.org_id = :org and u.document_id = d.id and u.upload = d.upload
  where d.org_id = :org and d.id = :id`,
);
const others = statement<{ passages: number }, { id: string }>(
  'passages of other documents',
  'select coalesce(sum(passages), 0)::int as passages from agents.documents where org_id = :org and id <> :id',
);
const fail = statement<object, { id: string; failure: string; detail: string | null }>(
  'document failed',
  `
  update agents.document_uploads u set state = 'failed', failure = :failure::text, failure_detail = :detail::text
  from agents.documents d
  where u.org_id = :org and d.org_id = :org and d.id = :id and u.document_id = d.id and u.upload = d.upload
    and u.state in ('uploading', 'reading')
  returning u.id`,
);
const touch = statement<object, { id: string }>(
  'document has changed',
  'update agents.documents set version = version + 1 where org_id = :org and id = :id',
);
const succeed = statement<object, { id: string; upload: number; pages: number }>(
  'document is read',
  `
  update agents.document_uploads set state = 'ready', pages = :pages::int
  where org_id = :org and document_id = :id and upload = :upload`,
);
const show = statement<object, { id: string; upload: number; passages: number }>(
  'show document',
  `
  update agents.documents set ready_upload = :upload::int, passages = :passages::int, version = version + 1
  where org_id = :org and id = :id`,
);
const dropPieces = statement<object, { id: string }>(
  'drop document pieces',
  deletion('agents.document_pieces', 'org_id = :org and document_id = :id'),
);
const dropPassages = statement<object, { id: string }>(
  'drop document passages',
  deletion('agents.document_passages', 'org_id = :org and document_id = :id'),
);
const dropWords = statement<object, { id: string }>(
  'drop document words',
  deletion('agents.document_words', 'org_id = :org and document_id = :id'),
);
/*
 * Each vector is of the passage and of the document's title. It has to fit a page of the database: of a passage of very
 * many words, it is kept without their places, or not at all.
 */
const write = statement<object, WrittenPassages>(
  'write document passages',
  `
  with told as materialized (
    select p.id, p.page, p.nth, p.body,
      setweight(to_tsvector(c.config, :title::text), 'A') || to_tsvector(c.config, p.folded) as words
    from unnest(:ids::uuid[], :pages::int[], :nths::int[], :bodies::text[], :folded::text[])
        as p(id, page, nth, body, folded),
      (select (case :language::text when 'pt' then 'pg_catalog.portuguese' when 'es' then 'pg_catalog.spanish'
        else 'pg_catalog.english' end)::regconfig as config) c),
  written as (
    insert into agents.document_passages (org_id, id, document_id, page, nth, body)
    select :org, id, :id::uuid, page, nth, body from told)
  insert into agents.document_words (org_id, id, document_id, language, words)
  select :org, id, :id::uuid, :language::text,
    case when pg_column_size(words) <= 7000 then words when pg_column_size(strip(words)) <= 7000 then strip(words)
      else '' end
  from told`,
);

/** Documents as those who read them see them. */
@Injectable()
export class WorkRepository {
  constructor(private readonly database: TenantDatabase) {}

  async find(id: string): Promise<WorkedDocument | undefined> {
    const [row] = await this.database.query(find, { id });
    return row;
  }

  /** Passages of all other documents of the organization. */
  async passagesOfOthers(id: string): Promise<number> {
    const [row] = await this.database.query(others, { id });
    return row?.passages ?? 0;
  }

  /** False when the newest upload has ended. */
  async fail(id: string, failure: string, detail: string | null): Promise<boolean> {
    const [failed] = await this.database.batch([
      call(fail, { id, failure, detail }),
      call(dropPieces, { id }),
      call(touch, { id }),
    ]);
    return failed.length > 0;
  }

  async succeed({ id, title, language, upload }: WorkedDocument, { pages, passages }: CutText): Promise<void> {
    await this.database.batch([
      call(dropWords, { id }),
      call(dropPassages, { id }),
      call(dropPieces, { id }),
      call(succeed, { id, upload, pages }),
      call(show, { id, upload, passages: passages.length }),
    ]);
    const folded = searchText(title, language);
    for (let from = 0; from < passages.length; from += PASSAGES_AT_ONCE) {
      const some = passages.slice(from, from + PASSAGES_AT_ONCE);
      await this.database.query(write, {
        id,
        language,
        title: folded,
        ids: some.map(() => newId()),
        pages: some.map(({ page }) => page),
        nths: some.map(({ nth }) => nth),
        bodies: some.map(({ body }) => body),
        folded: some.map(({ body }) => searchText(body, language)),
      });
    }
  }
}
