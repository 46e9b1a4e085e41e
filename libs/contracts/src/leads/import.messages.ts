import {
  Choice,
  Country,
  Currency,
  Email,
  Flag,
  FlatMap,
  Instant,
  Int,
  Nested,
  NestedList,
  Nullable,
  Optional,
  Text,
  TextList,
  TimeZone,
  Uuid,
} from '../message/fields.js';
import { Page } from '../message/shared.messages.js';
import { CUSTOM_FIELDS, FIELD_KINDS } from './field.messages.js';

/** Bytes of a file at most. */
export const IMPORT_BYTES = 128 * 1024 * 1024;

/**
 * What a column may be mapped to besides `custom_fields.<key>`. `first_name`, `middle_name` and `last_name` are joined
 * to the contact name; `value` is in major units, e.g. `1234.56`; `stage` is a name or an id, `owner` an id, an address
 * or a name; `id` is the id of a lead of this organization, as its export tells it.
 */
export const IMPORT_TARGETS = [
  'contact_name',
  'first_name',
  'middle_name',
  'last_name',
  'company',
  'email',
  'phone',
  'site',
  'city',
  'state',
  'country',
  'owner_id',
  'owner',
  'stage',
  'value',
  'value_minor',
  'tags',
  'external_id',
  'id',
  'created_at',
  'import_remarks',
] as const;

/** How a file's bytes are read; `utf-8-twice` is UTF-8 that was read as Windows-1252 and saved as UTF-8 again. */
export const IMPORT_ENCODINGS = [
  'utf-8',
  'utf-16le',
  'utf-16be',
  'windows-1252',
  'iso-8859-1',
  'macintosh',
  'windows-1250',
  'windows-1251',
  'windows-1253',
  'windows-1254',
  'windows-1255',
  'windows-1256',
  'windows-1257',
  'windows-874',
  'iso-8859-2',
  'iso-8859-5',
  'iso-8859-15',
  'iso-8859-16',
  'koi8-r',
  'koi8-u',
  'ibm866',
  'cp437',
  'cp850',
  'cp852',
  'shift_jis',
  'euc-jp',
  'gb18030',
  'big5',
  'euc-kr',
  'utf-8-twice',
] as const;
/** By what a row is recognized as a lead that is there: `none` makes every row a new lead. */
export const IMPORT_IDENTITIES = ['id', 'external_id', 'email', 'phone', 'none'] as const;
/** How a column writes its dates, and its numbers. */
export const IMPORT_FORMATS = ['year-month-day', 'day-month-year', 'month-day-year', '1,234.56', '1.234,56'] as const;

/** Somebody whom a column may name as the owner of a lead. */
export class ImportOwner {
  @Uuid() user_id!: string;
  @Text({ max: 200 }) name!: string;
  @Email() email!: string;
}

/** How a file is read and what its columns are: what can be saved and used again. */
export class FileSettings {
  /**
   * Column heading → one of `IMPORT_TARGETS` or `custom_fields.<key>`; proposed as in a preview when absent. A column
   * is named by its heading in one line, the second of the same heading by `Heading (2)`, one without by `Column 3`. A
   * custom field that does not exist yet is made when the role may configure. Only mapped fields of leads that exist
   * already are changed, and an empty cell changes none.
   */
  @Optional() @FlatMap({ keys: 200, length: 200 }) mapping?: Record<string, unknown>;
  /** Custom field's key → kind that it is made with; text where nothing is said. */
  @Optional() @FlatMap({ keys: 200, length: 200 }) kinds?: Record<string, unknown>;
  /** Custom field's key → options that it is made with. */
  @Optional() @FlatMap({ keys: 200, length: 200 }) options?: Record<string, unknown>;
  /**
   * Column heading → one of `IMPORT_FORMATS`: how the column writes its numbers or dates. Where nothing is said, its
   * cells and those of the file's other columns decide; where they do not, a cell that could be two is refused.
   */
  @Optional() @FlatMap({ keys: 200, length: 200 }) formats?: Record<string, unknown>;
  @Optional() @Choice<string>(IMPORT_ENCODINGS) encoding?: string;
  @Optional() @Choice<string>([',', ';', '\t', '|']) delimiter?: string;
  /**
   * 1-based line on which the heading starts; what stands before it is left out. 0 where there is none: columns are
   * `Column 1` and so on.
   */
  @Optional() @Int({ min: 0, max: 1_000 }) heading_line?: number;
  /** `external_id` where a column is mapped to it when absent, else as in a preview. */
  @Optional() @Choice<string>(IMPORT_IDENTITIES) identity?: string;
  @Optional() @Uuid() pipeline_id?: string;
  /**
   * Contact name for rows that have neither name, company, address nor phone; without it they are called after their
   * external id, or refused.
   */
  @Optional() @Text({ max: 200 }) default_contact_name?: string;
}

/** Whatever is absent is found out by looking at the file. */
export class ImportSettings extends FileSettings {
  /** Name of a saved mapping, which counts wherever the request says nothing. */
  @Optional() @Text({ max: 100 }) saved_mapping?: string;
  /** Digits that the organization's currency has after the point; filled in by the gateway, 2 when absent. */
  @Optional() @Int({ min: 0, max: 4 }) value_decimals?: number;
  /** Currency of amounts that name none; the organization's where the gateway fills it in. */
  @Optional() @Currency() currency?: string;
  /** Country of phone numbers that name none; the organization's where the gateway fills it in. */
  @Optional() @Country() country?: string;
  /** Time zone of moments that name none; the organization's where the gateway fills it in, else UTC. */
  @Optional() @TimeZone() time_zone?: string;
  /** Members by whom a column may name owners; filled in by the gateway. */
  @Optional() @NestedList(() => ImportOwner, { max: 1000 }) owners?: ImportOwner[];
}

export class StartImportRequest extends ImportSettings {
  @Text({ max: 200 }) file_name!: string;
}

export class PreviewImportRequest extends ImportSettings {
  @Text({ max: 200 }) file_name!: string;
  /** The first bytes of the file, at most 512 KiB, base64. */
  @Text({ max: 720_000 }) data!: string;
  /** Whether they are the whole file. */
  @Flag() whole!: boolean;
}

/** One column of a file as it was found. */
export class PreviewColumn {
  /** The name a mapping uses. */
  @Text({ max: 200 }) heading!: string;
  /** Null when the column is left out. */
  @Nullable() @Text({ max: 200 }) target!: string | null;
  /** Of the custom field that the column fills. */
  @Nullable() @Choice<string>(FIELD_KINDS) kind!: string | null;
  /** Null where neither the cells of the file nor the organization's country tell it, or the column needs none. */
  @Nullable() @Choice<string>(IMPORT_FORMATS) format!: string | null;
  /**
   * What to know before an import: a format that is proposed by the organization's country alone, times of day that are
   * left out.
   */
  @Optional() @Nullable() @Text({ max: 500 }) note?: string | null;
  /** Up to three cells, shortened; none of any column where an answer does not carry them. */
  @TextList({ max: 3, length: 100 }) samples!: string[];
  /** Cells that cannot be read, among the rows that were looked at. */
  @Int({ min: 0, max: 100_000_000 }) problems!: number;
}

/** A row as it will become; fields that it does not have are left out. */
export class PreviewRow {
  @Int({ min: 1, max: 100_000_000 }) line!: number;
  @Flag() refused!: boolean;
  @FlatMap({ keys: 100, length: 2000 }) lead!: Record<string, unknown>;
  @FlatMap(CUSTOM_FIELDS) custom_fields!: Record<string, unknown>;
  /** Column heading → what is wrong with the cell; `row` for what is wrong with all of it. */
  @FlatMap({ keys: 200, length: 500 }) problems!: Record<string, unknown>;
}

/** What an import of the file would do; nothing was written. */
export class ImportPreview {
  @Choice<string>(IMPORT_ENCODINGS) encoding!: string;
  @Choice<string>([',', ';', '\t', '|']) delimiter!: string;
  @Int({ min: 0, max: 100_000_000 }) heading_line!: number;
  @Choice<string>(IMPORT_IDENTITIES) identity!: string;
  /** As an import takes it, like `kinds`, `options` and `formats`. */
  @FlatMap({ keys: 200, length: 200 }) mapping!: Record<string, unknown>;
  @FlatMap({ keys: 200, length: 200 }) kinds!: Record<string, unknown>;
  @FlatMap({ keys: 200, length: 200 }) options!: Record<string, unknown>;
  @FlatMap({ keys: 200, length: 200 }) formats!: Record<string, unknown>;
  @NestedList(() => PreviewColumn, { max: 1000 }) columns!: PreviewColumn[];
  /** The first rows, at most 20, and fewer where an answer carries no more. */
  @NestedList(() => PreviewRow, { max: 20 }) rows!: PreviewRow[];
  /** Whether the file ends within what was looked at; the counts are of that part. */
  @Flag() whole!: boolean;
  /** Of the file, from its beginning: what the plan rests on. */
  @Optional() @Int({ min: 0, max: 100_000_000 }) bytes_looked_at?: number;
  @Int({ min: 0, max: 100_000_000 }) rows_looked_at!: number;
  @Int({ min: 0, max: 100_000_000 }) refused!: number;
  /** Cells that cannot be read; each costs the cell, not the person. */
  @Int({ min: 0, max: 100_000_000 }) problems!: number;
  /** Lines that are no rows of the list: notes before the heading, rows of separators, footers. */
  @NestedList(() => ImportError, { max: 50 }) left_out!: ImportError[];
}

export class ImportChunkRequest {
  @Uuid() id!: string;
  /** From 0 without gaps. */
  @Int({ min: 0, max: 10_000 }) seq!: number;
  /** The next 1 byte to 512 KiB of the file, base64. */
  @Text({ max: 720_000 }) data!: string;
}

export class FinishImportRequest {
  @Uuid() id!: string;
  @Int({ min: 0, max: 10_001 }) chunks!: number;
  /** Of the whole file, hex. */
  @Text({ min: 64, max: 64 }) sha256!: string;
}

/** What taking an import back came to, in numbers. */
export class ImportUndoCounts {
  /** Leads that the import made and that are gone. */
  @Int({ min: 0, max: 100_000_000 }) removed!: number;
  /** Leads that the import changed and that are as they were before. */
  @Int({ min: 0, max: 100_000_000 }) restored!: number;
  /** Leads that were touched since and stay as they are. */
  @Int({ min: 0, max: 100_000_000 }) stayed!: number;
}

/** What taking an import back came to. */
export class ImportUndo extends ImportUndoCounts {
  /** Ids of the first hundred that stay. */
  @TextList({ max: 100, length: 36 }) stayed_leads!: string[];
}

const IMPORT_STATUSES = ['receiving', 'running', 'finished', 'failed', 'undoing', 'undone', 'stopped'] as const;

export class LeadImport {
  @Uuid() id!: string;
  @Text({ max: 200 }) file_name!: string;
  /** `stopped` where whoever started it may not have it done any more: it can be continued. */
  @Choice<string>(IMPORT_STATUSES) status!: string;
  /** Rows of the file, the heading and blank lines apart; null until the whole file was looked through. */
  @Nullable() @Int({ min: 0, max: 100_000_000 }) rows_total!: number | null;
  /** Rows that took effect so far: created + updated + unchanged + refused. */
  @Int({ min: 0, max: 100_000_000 }) rows_read!: number;
  @Int({ min: 0, max: 100_000_000 }) created!: number;
  @Int({ min: 0, max: 100_000_000 }) updated!: number;
  @Int({ min: 0, max: 100_000_000 }) unchanged!: number;
  @Int({ min: 0, max: 100_000_000 }) refused!: number;
  /** Cells that could not be read and were left out of their leads; each is told among the errors. */
  @Optional() @Int({ min: 0, max: 100_000_000 }) cells_left_out?: number;
  /** Present once the import is taken back. */
  @Optional() @Nullable() @Nested(() => ImportUndo) undo?: ImportUndo | null;
  /** How the file is read; null until it has arrived and was looked at. */
  @Optional() @Nullable() @Choice<string>(IMPORT_ENCODINGS) encoding?: string | null;
  @Optional() @Nullable() @Choice<string>([',', ';', '\t', '|']) delimiter?: string | null;
  @Optional() @Nullable() @Int({ min: 0, max: 100_000_000 }) heading_line?: number | null;
  @Optional() @Nullable() @Choice<string>(IMPORT_IDENTITIES) identity?: string | null;
  /** Column heading → what it fills. */
  @Optional() @FlatMap({ keys: 200, length: 200 }) mapping?: Record<string, unknown>;
  /** Column heading → how it writes dates or numbers. */
  @Optional() @FlatMap({ keys: 200, length: 200 }) formats?: Record<string, unknown>;
  /** Why the whole import failed or was stopped: an error code of the catalog and one sentence. */
  @Nullable() @Text({ max: 100 }) error_code!: string | null;
  @Nullable() @Text({ max: 500 }) error_detail!: string | null;
  @Instant() created_at!: string;
  @Nullable() @Instant() finished_at!: string | null;
}

/** Of the import that is watched: how far it has come, in the words of `LeadImport`. */
export class ImportProgress {
  @Choice<string>(IMPORT_STATUSES) status!: string;
  @Nullable() @Int({ min: 0, max: 100_000_000 }) rows_total!: number | null;
  @Int({ min: 0, max: 100_000_000 }) rows_read!: number;
  @Int({ min: 0, max: 100_000_000 }) created!: number;
  @Int({ min: 0, max: 100_000_000 }) updated!: number;
  @Int({ min: 0, max: 100_000_000 }) unchanged!: number;
  @Int({ min: 0, max: 100_000_000 }) refused!: number;
  @Optional() @Int({ min: 0, max: 100_000_000 }) cells_left_out?: number;
  @Optional() @Nullable() @Nested(() => ImportUndoCounts) undo?: ImportUndoCounts | null;
  @Nullable() @Text({ max: 100 }) error_code!: string | null;
  @Nullable() @Text({ max: 500 }) error_detail!: string | null;
}

/** Of the import the event is about: how it ended. */
export class ImportFacts {
  @Choice<string>(['finished', 'failed', 'undone']) status!: string;
  @Int({ min: 0, max: 100_000_000 }) created!: number;
  @Int({ min: 0, max: 100_000_000 }) updated!: number;
  @Int({ min: 0, max: 100_000_000 }) unchanged!: number;
  @Int({ min: 0, max: 100_000_000 }) refused!: number;
}

export class LeadImportList {
  @NestedList(() => LeadImport, { max: 200 }) items!: LeadImport[];
  @Nullable() @Text({ max: 2000 }) next_cursor!: string | null;
}

export class ListImportErrorsRequest extends Page {
  @Uuid() id!: string;
}

export class ImportError {
  /** 1-based line of the file on which the record starts; the heading is on line 1. */
  @Int({ min: 1, max: 100_000_000 }) line!: number;
  @Nullable() @Text({ max: 200 }) column!: string | null;
  @Text({ max: 500 }) problem!: string;
  /** Whether it cost the whole row; otherwise it cost the cell, or nothing. */
  @Optional() @Flag() refused?: boolean;
}

export class ListImportChangesRequest extends Page {
  @Uuid() id!: string;
}

/** What an import changed of a lead that was there. */
export class ImportChange {
  @Uuid() lead_id!: string;
  /**
   * Field → its value before the import, for each field that differs; `custom_fields.<key>` for custom ones, null where
   * there was none.
   */
  @FlatMap({ keys: 300, length: 10_000 }) before!: Record<string, unknown>;
  /** The same fields as the import left them. */
  @FlatMap({ keys: 300, length: 10_000 }) after!: Record<string, unknown>;
}

export class ImportChangeList {
  @NestedList(() => ImportChange, { max: 200 }) items!: ImportChange[];
  @Nullable() @Text({ max: 2000 }) next_cursor!: string | null;
}

export class ImportErrorList {
  @NestedList(() => ImportError, { max: 200 }) items!: ImportError[];
  @Nullable() @Text({ max: 2000 }) next_cursor!: string | null;
}
