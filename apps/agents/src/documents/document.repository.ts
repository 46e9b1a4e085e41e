import type { agentsMessages } from '@apollo/contracts';
import { call, deletion, statement, TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';
import { MOST_DOCUMENTS } from './document.limits.js';

type Document = agentsMessages.Document;
type Row = Omit<Document, 'created_at'> & { created_at: Date };

/** What is said of a file before it arrives. */
export interface NewUpload {
  readonly id: string;
  readonly upload_id: string;
  readonly title: string;
  readonly language: agentsMessages.DocumentLanguage;
  readonly file_name: string;
  readonly media_type: agentsMessages.DocumentType;
  readonly at: Date;
}

/** A document whose upload nobody else changes until the transaction ends. */
export interface LockedDocument {
  readonly version: number;
  readonly upload: number;
  readonly state: agentsMessages.DocumentState;
  readonly bytes: number;
}

const COLUMNS =
  'd.id, d.title, d.language, d.upload, d.ready_upload, d.created_by, d.created_at, d.version, ' +
  'u.file_name, u.media_type, u.bytes, u.sha256, u.state, u.failure, u.failure_detail, u.pages';
const NEWEST = 'join agents.document_uploads u on u.org_id = :org and u.document_id = d.id and u.upload = d.upload';

const page = statement<Row, { before: string; limit: number }>(
  'documents page',
  `
  select ${COLUMNS} from agents.documents d ${NEWEST}
  where d.org_id = :org and d.id < :before order by d.id desc limit :limit`,
);
const one = statement<Row, { id: string }>(
  'document',
  `select ${COLUMNS} from agents.documents d ${NEWEST} where d.org_id = :org and d.id = :id`,
);
const lock = statement<LockedDocument, { id: string }>(
  'lock document',
  `
  select d.version, d.upload, u.state, u.bytes from agents.documents d ${NEWEST}
  where d.org_id = :org and d.id = :id for no key update of d`,
);
/* Whoever adds one waits for whoever else does, at the first there is: what is counted behind that is nearly all. */
const inTurn = statement<object, object>(
  'add documents in turn',
  'select id from agents.documents where org_id = :org order by id limit 1 for no key update',
);
const create = statement<{ id: string }, NewUpload>(
  'create document',
  `
  insert into agents.documents (org_id, id, title, language, upload, passages, created_by, created_at, version)
  select :org, :id::uuid, :title::text, :language::text, 1, 0, :actor, :at::timestamptz, 1
  where (select count(*) from agents.documents where org_id = :org) < ${MOST_DOCUMENTS} returning id`,
);
const replace = statement<object, NewUpload>(
  'upload document anew',
  `
  update agents.documents set title = :title::text, language = :language::text, upload = upload + 1, version = version + 1
  where org_id = :org and id = :id`,
);
const addUpload = statement<object, NewUpload>(
  'add upload of document',
  `
  insert into agents.document_uploads
    (org_id, id, document_id, upload, file_name, media_type, bytes, state, uploaded_by, created_at)
  select :org, :upload_id::uuid, d.id, d.upload, :file_name::text, :media_type::text, 0, 'uploading', :actor, :at::timestamptz
  from agents.documents d where d.org_id = :org and d.id = :id`,
);
const storePiece = statement<object, { id: string; piece_id: string; seq: number; sha256: string; data: Buffer }>(
  'store document piece',
  `
  insert into agents.document_pieces (org_id, id, document_id, seq, sha256, data)
  values (:org, :piece_id::uuid, :id::uuid, :seq::int, :sha256::text, :data::bytea)
  on conflict (org_id, document_id, seq) do nothing returning id`,
);
const countBytes = statement<object, { id: string; upload: number; bytes: number }>(
  'count document bytes',
  `
  update agents.document_uploads set bytes = bytes + :bytes::int
  where org_id = :org and document_id = :id and upload = :upload`,
);
const pieceDigest = statement<{ sha256: string }, { id: string; seq: number }>(
  'document piece digest',
  'select sha256 from agents.document_pieces where org_id = :org and document_id = :id and seq = :seq',
);
const pieceCount = statement<{ pieces: number }, { id: string }>(
  'document pieces',
  'select count(*)::int as pieces from agents.document_pieces where org_id = :org and document_id = :id',
);
const piece = statement<{ data: Buffer }, { id: string; seq: number }>(
  'document piece',
  'select data from agents.document_pieces where org_id = :org and document_id = :id and seq = :seq',
);
const begin = statement<object, { id: string; upload: number; sha256: string }>(
  'begin reading document',
  `
  update agents.document_uploads set state = 'reading', sha256 = :sha256::text
  where org_id = :org and document_id = :id and upload = :upload and state = 'uploading'`,
);
const touch = statement<object, { id: string }>(
  'change document',
  'update agents.documents set version = version + 1 where org_id = :org and id = :id',
);
// Its uploads, pieces, passages and their words go with it.
const remove = statement<object, { id: string }>(
  'delete document',
  deletion('agents.documents', 'org_id = :org and id = :id'),
);

/** Documents as people see them, and the pieces of their files. */
@Injectable()
export class DocumentRepository {
  constructor(private readonly database: TenantDatabase) {}

  /** At most `limit` before the one with id `before`, newest first. */
  async page(before: string, limit: number): Promise<Document[]> {
    return (await this.database.query(page, { before, limit })).map(documentOf);
  }

  async find(id: string): Promise<Document | undefined> {
    const [row] = await this.database.query(one, { id });
    return row && documentOf(row);
  }

  /** Keeps everything else away from the document until the transaction ends. */
  async lock(id: string): Promise<LockedDocument | undefined> {
    const [row] = await this.database.query(lock, { id });
    return row;
  }

  /** The acting person's. Undefined where the organization has as many as it may. */
  async create(upload: NewUpload): Promise<Document | undefined> {
    return this.database.transaction(async () => {
      const [, made] = await this.database.batch([call(inTurn, {}), call(create, upload)]);
      if (made.length === 0) return undefined;
      await this.database.query(addUpload, upload);
      return this.find(upload.id);
    });
  }

  /** Adds an upload to a document that was locked before. */
  async replace(upload: NewUpload): Promise<Document | undefined> {
    await this.database.batch([call(replace, upload), call(addUpload, upload)]);
    return this.find(upload.id);
  }

  /** False when a piece with this number is there already. */
  async storePiece(
    stored: { id: string; piece_id: string; seq: number; sha256: string; data: Buffer },
    upload: number,
  ): Promise<boolean> {
    const rows = await this.database.query(storePiece, stored);
    if (rows.length > 0) await this.database.query(countBytes, { id: stored.id, upload, bytes: stored.data.length });
    return rows.length > 0;
  }

  async pieceDigest(id: string, seq: number): Promise<string | undefined> {
    const [row] = await this.database.query(pieceDigest, { id, seq });
    return row?.sha256;
  }

  async pieceCount(id: string): Promise<number> {
    const [row] = await this.database.query(pieceCount, { id });
    return row?.pieces ?? 0;
  }

  /** The pieces of the file in their order, each read by a query of its own. */
  async *pieces(id: string): AsyncGenerator<Buffer> {
    for (let seq = 0; ; seq += 1) {
      const [row] = await this.database.query(piece, { id, seq });
      if (!row) return;
      yield row.data;
    }
  }

  /** From now on the file is whole, and may be read. */
  async begin(id: string, upload: number, sha256: string): Promise<Document | undefined> {
    await this.database.batch([call(begin, { id, upload, sha256 }), call(touch, { id })]);
    return this.find(id);
  }

  /** With all that there is of it. */
  async remove(id: string): Promise<void> {
    await this.database.query(remove, { id });
  }
}

function documentOf(row: Row): Document {
  return { ...row, created_at: row.created_at.toISOString() };
}
