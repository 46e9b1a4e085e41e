import { command, query } from '../message/contract.js';
import type { Permission } from '../message/permissions.js';
import { Done, Page } from '../message/shared.messages.js';
import * as m from './agents.messages.js';

const within = (permission: Permission) =>
  ({ service: 'agents', scope: 'org', callers: ['gateway'], permission }) as const;

/** Newest first. */
export const ListDocuments = query({
  ...within('documents.read'),
  method: 'list-documents',
  request: Page,
  reply: m.DocumentList,
});
export const GetDocument = query({
  ...within('documents.read'),
  method: 'get-document',
  request: m.DocumentRequest,
  reply: m.Document,
});
/** Opens the upload of a new document; its file follows in pieces. */
export const StartDocument = command({
  ...within('documents.write'),
  method: 'start-document',
  request: m.StartDocumentRequest,
  reply: m.Document,
});
/** Opens another upload of a document; what is there is searched until that has been read. */
export const StartDocumentUpload = command({
  ...within('documents.write'),
  method: 'start-document-upload',
  request: m.StartDocumentUploadRequest,
  reply: m.Document,
});
export const AppendDocumentPiece = command({
  ...within('documents.write'),
  method: 'append-document-piece',
  request: m.DocumentPieceRequest,
  reply: Done,
});
/** Closes the file, which is read then. */
export const FinishDocument = command({
  ...within('documents.write'),
  delegates: { permissions: ['documents.write'], run: 'id', seconds: 86_400 },
  method: 'finish-document',
  request: m.FinishDocumentRequest,
  reply: m.Document,
});
/** Ends an upload that broke off. */
export const AbandonDocument = command({
  ...within('documents.write'),
  method: 'abandon-document',
  request: m.DocumentRequest,
  reply: Done,
});
/** For good, with every upload and all that was read of them. */
export const DeleteDocument = command({
  ...within('documents.write'),
  method: 'delete-document',
  request: m.VersionedDocumentRequest,
  reply: Done,
});
/** The text of one page. */
export const ReadDocumentPage = query({
  ...within('documents.read'),
  method: 'read-document-page',
  request: m.DocumentPageRequest,
  reply: m.DocumentPage,
});
/** The passages that fit best, of the newest upload of each document. */
export const SearchDocuments = query({
  ...within('documents.read'),
  method: 'search-documents',
  request: m.SearchDocumentsRequest,
  reply: m.FoundPassages,
});
