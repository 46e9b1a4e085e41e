import type { agentsMessages } from '@apollo/contracts';
import { statement, TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';

type Conversation = agentsMessages.Conversation;
type Row = Omit<Conversation, 'created_at'> & { created_at: Date };

/** What is asked for of a list. */
export interface ConversationFilter {
  /** Pattern of `like`, in lower case; null for all. */
  readonly search: string | null;
  readonly archived: boolean;
}

const COLUMNS = 'id, title, created_by, archived, created_at, version';
const page = statement<Row, ConversationFilter & { before: string; limit: number }>(
  'conversations page',
  `
  select ${COLUMNS} from agents.conversations
  where org_id = :org and id < :before and archived = :archived::bool
    and (:search::text is null or lower(title) like :search::text)
  order by id desc limit :limit`,
);
const one = statement<Row, { id: string }>(
  'conversation',
  `select ${COLUMNS} from agents.conversations where org_id = :org and id = :id`,
);
const locked = statement<Row, { id: string }>(
  'lock conversation',
  `select ${COLUMNS} from agents.conversations where org_id = :org and id = :id for no key update`,
);
const create = statement<Row, { id: string; title: string | null; at: Date }>(
  'create conversation',
  `
  insert into agents.conversations (org_id, id, title, created_by, archived, created_at, version)
  values (:org, :id::uuid, :title::text, :actor::uuid, false, :at::timestamptz, 1) returning ${COLUMNS}`,
);
const save = statement<Row, { id: string; title: string | null; archived: boolean; version: number }>(
  'save conversation',
  `
  update agents.conversations set title = :title, archived = :archived, version = :version
  where org_id = :org and id = :id returning ${COLUMNS}`,
);

/** Conversations by themselves; what was said in them are runs. */
@Injectable()
export class ConversationRepository {
  constructor(private readonly database: TenantDatabase) {}

  /** At most `limit` before the one with id `before`, newest first. */
  async page(filter: ConversationFilter, before: string, limit: number): Promise<Conversation[]> {
    return (await this.database.query(page, { ...filter, before, limit })).map(conversationOf);
  }

  async find(id: string): Promise<Conversation | undefined> {
    const [row] = await this.database.query(one, { id });
    return row && conversationOf(row);
  }

  /** As it is once every other change to it has ended; locked until the transaction does. */
  async findForUpdate(id: string): Promise<Conversation | undefined> {
    const [row] = await this.database.query(locked, { id });
    return row && conversationOf(row);
  }

  /** The acting person's. */
  async create(id: string, title: string | null, at: Date): Promise<Conversation> {
    const [row] = await this.database.query(create, { id, title, at });
    return conversationOf(row as Row);
  }

  /** Of one that was locked before. */
  async save({ id, title, archived, version }: Conversation): Promise<Conversation> {
    const [row] = await this.database.query(save, { id, title, archived, version });
    return conversationOf(row as Row);
  }
}

function conversationOf(row: Row): Conversation {
  return { ...row, created_at: row.created_at.toISOString() };
}
