import { Choice, Instant, Int, NestedList, Nullable, Optional, Text, Uuid } from '../message/fields.js';
import { Page } from '../message/shared.messages.js';

/** Bytes of a file at most. */
export const DOCUMENT_BYTES = 50 * 1024 * 1024;
/** Characters of a passage at most. */
export const LONGEST_PASSAGE = 1_500;
/** Characters of what a search shows of a passage at most. */
export const LONGEST_SNIPPET = 400;

/** Languages whose words are found in each of their forms. */
export const DOCUMENT_LANGUAGES = ['en', 'pt', 'es'] as const;
export type DocumentLanguage = (typeof DOCUMENT_LANGUAGES)[number];

/** What files may be. */
export const DOCUMENT_TYPES = [
  'text/plain',
  'text/markdown',
  'text/csv',
  'application/pdf',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
] as const;
export type DocumentType = (typeof DOCUMENT_TYPES)[number];

/** `uploading` until the file is whole, `reading` until its text is there; the others are ends. */
export const DOCUMENT_STATES = ['uploading', 'reading', 'ready', 'failed'] as const;
export type DocumentState = (typeof DOCUMENT_STATES)[number];

const version = { min: 1, max: 2_000_000_000 };
const title = { max: 200 };
const count = { min: 0, max: 2_000_000_000 };

export class DocumentRequest {
  @Uuid() id!: string;
}

export class VersionedDocumentRequest extends DocumentRequest {
  @Optional() @Int(version) if_match?: number;
}

export class StartDocumentRequest {
  /** The name of the file when absent. */
  @Optional() @Text(title) title?: string;
  @Text({ max: 200 }) file_name!: string;
  /** By the ending of the file’s name when absent. */
  @Optional() @Choice(DOCUMENT_TYPES) media_type?: DocumentType;
  /** In which it is written; English when absent. */
  @Optional() @Choice(DOCUMENT_LANGUAGES) language?: DocumentLanguage;
}

/** Another file of the same document. */
export class StartDocumentUploadRequest extends StartDocumentRequest {
  @Uuid() id!: string;
  @Optional() @Int(version) if_match?: number;
}

export class DocumentPieceRequest {
  @Uuid() id!: string;
  /** From 0 without gaps. */
  @Int({ min: 0, max: 10_000 }) seq!: number;
  /** The next 1 byte to 512 KiB of the file, base64. */
  @Text({ max: 720_000 }) data!: string;
}

export class FinishDocumentRequest {
  @Uuid() id!: string;
  @Int({ min: 0, max: 10_001 }) pieces!: number;
  /** Of the whole file, hex. */
  @Text({ min: 64, max: 64 }) sha256!: string;
}

/** A document, and how its newest upload stands. */
export class Document {
  @Uuid() id!: string;
  @Text(title) title!: string;
  @Text({ max: 200 }) file_name!: string;
  @Choice(DOCUMENT_TYPES) media_type!: DocumentType;
  @Choice(DOCUMENT_LANGUAGES) language!: DocumentLanguage;
  @Int(count) bytes!: number;
  /** Of the file, hex; null until it has arrived. */
  @Nullable() @Text({ min: 64, max: 64 }) sha256!: string | null;
  @Choice(DOCUMENT_STATES) state!: DocumentState;
  /** Why it failed: a code, and a sentence for people. */
  @Nullable() @Text({ max: 60 }) failure!: string | null;
  @Nullable() @Text({ max: 500 }) failure_detail!: string | null;
  /** Null until it was read. Where a file has no pages, those that its text is cut into count. */
  @Nullable() @Int(count) pages!: number | null;
  /** The files that were uploaded for it are counted from 1. */
  @Int(version) upload!: number;
  /** The upload that is searched and read: the newest that is ready; null where none is yet. */
  @Nullable() @Int(version) ready_upload!: number | null;
  @Uuid() created_by!: string;
  @Instant() created_at!: string;
  @Int(version) version!: number;
}

export class DocumentList {
  @NestedList(() => Document, { max: 200 }) items!: Document[];
  @Nullable() @Text({ max: 2000 }) next_cursor!: string | null;
}

export class DocumentPageRequest extends Page {
  @Uuid() id!: string;
  @Int({ min: 1, max: 1_000_000 }) page!: number;
}

/** A part of a page: all of them in their order are its text. */
export class DocumentPassage {
  @Int({ min: 1, max: 1_000_000 }) nth!: number;
  @Text({ max: LONGEST_PASSAGE, lines: true }) text!: string;
}

export class DocumentPage {
  @NestedList(() => DocumentPassage, { max: 200 }) items!: DocumentPassage[];
  @Nullable() @Text({ max: 2000 }) next_cursor!: string | null;
}

export class SearchDocumentsRequest {
  /** Words; “a phrase” in quotation marks, `or` between two of them, `-` before one that is not to be there. */
  @Text({ max: 300 }) q!: string;
  /** Words of the title of the documents that are meant; all of them when absent. */
  @Optional() @Text({ max: 200 }) title?: string;
}

/** A passage that was found, and where it stands. */
export class FoundPassage {
  @Uuid() document_id!: string;
  @Text(title) title!: string;
  /** Of the document, which of its uploads. */
  @Int(version) upload!: number;
  @Int({ min: 1, max: 1_000_000 }) page!: number;
  /** The higher, the better it fits, in thousandths. */
  @Int(count) rank!: number;
  /** What stands around the words, as plain text. */
  @Text({ max: LONGEST_SNIPPET, lines: true }) snippet!: string;
  /** The whole passage. */
  @Text({ max: LONGEST_PASSAGE, lines: true }) text!: string;
}

/** The ten that fit best. */
export class FoundPassages {
  @NestedList(() => FoundPassage, { max: 10 }) items!: FoundPassage[];
}
