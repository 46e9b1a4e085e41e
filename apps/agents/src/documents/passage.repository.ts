import type { agentsMessages } from '@apollo/contracts';
import { statement, TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';
import { MOST_FOUND, MOST_RANKED } from './document.limits.js';
import { searchText, titleCondition } from './search.text.js';

/** A passage that a search has found. */
export interface FoundRow {
  readonly document_id: string;
  readonly title: string;
  readonly language: agentsMessages.DocumentLanguage;
  readonly upload: number;
  readonly page: number;
  readonly rank: number;
  readonly body: string;
}

interface Question {
  en: string;
  pt: string;
  es: string;
  title_en: string | null;
  title_pt: string | null;
  title_es: string | null;
}

const asked = (language: 'en' | 'pt' | 'es', name: string): string => `
    case when :title_${language}::text is null then websearch_to_tsquery('pg_catalog.${name}'::regconfig, :${language}::text)
      else to_tsquery('pg_catalog.${name}'::regconfig, :title_${language}::text)
        && websearch_to_tsquery('pg_catalog.${name}'::regconfig, :${language}::text) end as ${language}`;
const FITTING = "case w.language when 'pt' then q.pt when 'es' then q.es else q.en end";

/*
 * Each passage of the organization is looked at, and nothing of anybody else: no index on words is asked. Those that
 * fit are given a rank, which takes long, so only the newest of them are; their order is that of the key.
 */
const search = statement<FoundRow, Question>(
  'search documents',
  `
  with q as materialized (select ${asked('en', 'english')}, ${asked('pt', 'portuguese')}, ${asked('es', 'spanish')}),
  hits as materialized (
    select w.id, w.document_id, w.words, w.language from agents.document_words w, q
    where w.org_id = :org and w.words @@ ${FITTING}
    order by w.id desc limit ${MOST_RANKED}),
  best as materialized (
    select w.id, w.document_id, ts_rank_cd(w.words, ${FITTING}) as rank from hits w, q
    order by rank desc, w.id desc limit ${MOST_FOUND})
  select b.document_id, d.title, d.language, d.ready_upload as upload, p.page, p.body,
    least(round(b.rank * 1000), 2000000000)::int as rank
  from best b
    join agents.document_passages p on p.org_id = :org and p.id = b.id
    join agents.documents d on d.org_id = :org and d.id = b.document_id and d.ready_upload is not null
  order by b.rank desc, b.id desc`,
);
const page = statement<{ nth: number; text: string }, { id: string; page: number; after: number; limit: number }>(
  'page of document',
  `
  select p.nth, p.body as text from agents.document_passages p
  where p.org_id = :org and p.document_id = :id and p.page = :page and p.nth > :after order by p.nth limit :limit`,
);

/** The text of documents, in parts. */
@Injectable()
export class PassageRepository {
  constructor(private readonly database: TenantDatabase) {}

  /**
   * The passages that fit a question best.
   *
   * @param query as people write one for a search engine
   * @param title words of the titles of the documents that are meant; all of them when absent
   */
  search(query: string, title?: string): Promise<FoundRow[]> {
    const titled = (language: agentsMessages.DocumentLanguage): string | null =>
      title === undefined ? null : titleCondition(title, language);
    return this.database.query(search, {
      en: searchText(query, 'en'),
      pt: searchText(query, 'pt'),
      es: searchText(query, 'es'),
      title_en: titled('en'),
      title_pt: titled('pt'),
      title_es: titled('es'),
    });
  }

  /** At most `limit` parts of a page after the `after`th, in their order. */
  page(id: string, number: number, after: number, limit: number): Promise<{ nth: number; text: string }[]> {
    return this.database.query(page, { id, page: number, after, limit });
  }
}
