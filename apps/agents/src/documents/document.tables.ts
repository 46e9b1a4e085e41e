import { agentsMessages } from '@apollo/contracts';
import { PIECE_BYTES } from '@apollo/service-kit';
import { type ForeignKey, p, type ServiceSchema, tenantTable } from '@apollo/tenancy/postgres';
import { PASSAGE_OCTETS } from './document.limits.js';

const documents = tenantTable({
  name: 'Document',
  schema: 'agents',
  table: 'documents',
  deletable: true,
  properties: {
    title: p.text(),
    language: p.text(),
    upload: p.integer(),
    // The upload that is searched and read.
    readyUpload: p.integer().nullable(),
    passages: p.integer(),
    createdBy: p.uuid(),
    createdAt: p.datetime(3),
    version: p.integer(),
  },
  fixed: ['createdBy', 'createdAt'],
});

/** Each file that was uploaded for a document: what it was, and what became of it. */
const uploads = tenantTable({
  name: 'DocumentUpload',
  schema: 'agents',
  table: 'document_uploads',
  deletable: true,
  properties: {
    documentId: p.uuid(),
    upload: p.integer(),
    fileName: p.text(),
    mediaType: p.text(),
    bytes: p.integer(),
    sha256: p.text().nullable(),
    state: p.text(),
    failure: p.text().nullable(),
    failureDetail: p.text().nullable(),
    pages: p.integer().nullable(),
    uploadedBy: p.uuid(),
    createdAt: p.datetime(3),
  },
  fixed: ['documentId', 'upload', 'fileName', 'mediaType', 'uploadedBy', 'createdAt'],
  uniques: [['documentId', 'upload']],
});

/** The bytes of files, until their text is there or they have failed. */
const pieces = tenantTable({
  name: 'DocumentPiece',
  schema: 'agents',
  table: 'document_pieces',
  deletable: true,
  properties: { documentId: p.uuid(), seq: p.integer(), sha256: p.text(), data: p.blob() },
  uniques: [['documentId', 'seq']],
  octets: { data: PIECE_BYTES },
});

/** The text of the newest upload that is ready, in the parts that a search finds. */
const passages = tenantTable({
  name: 'DocumentPassage',
  schema: 'agents',
  table: 'document_passages',
  deletable: true,
  properties: { documentId: p.uuid(), page: p.integer(), nth: p.integer(), body: p.text() },
  uniques: [['documentId', 'page', 'nth']],
  octets: { body: PASSAGE_OCTETS },
});

/**
 * The words of each passage, apart from its text: a search reads those of a whole organization. There is no index on
 * them: under the policies none is used, and one that is shared tells of others' rows by its time.
 */
const words = tenantTable({
  name: 'DocumentWords',
  schema: 'agents',
  table: 'document_words',
  deletable: true,
  properties: { documentId: p.uuid(), language: p.text(), words: p.string().columnType('tsvector') },
  indexes: [['documentId']],
});

export const documentTables: ServiceSchema['tables'] = [documents, uploads, pieces, passages, words];

const listed = (values: readonly string[]): string => values.map((value) => `'${value}'`).join(', ');
const COUNT = 'between 0 and 2000000000';
const VERSION = 'between 1 and 2000000000';
const LANGUAGES = listed(agentsMessages.DOCUMENT_LANGUAGES);

/** What people are given of a document is no more than a request may say, whatever SQL wrote it. */
export const documentRules: readonly string[] = [
  `alter table agents.documents add constraint documents_bounded check (length(title) between 1 and 200 and language in (${LANGUAGES}) and upload ${VERSION} and ready_upload ${VERSION} and passages ${COUNT} and version ${VERSION});`,
  `alter table agents.document_uploads add constraint document_uploads_bounded check (upload ${VERSION} and length(file_name) between 1 and 200 and media_type in (${listed(agentsMessages.DOCUMENT_TYPES)}) and bytes ${COUNT} and length(sha256) = 64 and state in (${listed(agentsMessages.DOCUMENT_STATES)}) and length(failure) <= 60 and length(failure_detail) <= 500 and pages ${COUNT});`,
  `alter table agents.document_pieces add constraint document_pieces_bounded check (seq between 0 and 10000 and length(sha256) = 64);`,
  `alter table agents.document_passages add constraint document_passages_bounded check (page between 1 and 1000000 and nth between 1 and 1000000 and length(body) between 1 and ${agentsMessages.LONGEST_PASSAGE});`,
  `alter table agents.document_words add constraint document_words_bounded check (language in (${LANGUAGES}) and octet_length(words::text) <= 32768);`,
  // Unpacking them is nineteen twentieths of a search.
  'alter table agents.document_words alter column words set storage plain;',
];

export const documentForeignKeys: readonly ForeignKey[] = [
  ...['document_uploads', 'document_pieces', 'document_passages', 'document_words'].map((table) => ({
    name: `${table}_document`,
    table,
    columns: ['document_id'],
    target: 'documents',
    targetColumns: ['id'],
    cascade: true,
  })),
];
