import { type agentsMessages, CreateConversation, DomainError, typeOf, UpdateConversation } from '@apollo/contracts';
import { assertVersion, AuditTrail, CursorCodec } from '@apollo/service-kit';
import { MAX_ID, newId } from '@apollo/tenancy';
import { Injectable } from '@nestjs/common';
import { RunRepository } from '../runs/run.repository.js';
import { ConversationRepository } from './conversation.repository.js';

type Conversation = agentsMessages.Conversation;

/** Conversations of the workspace, and what was said in them. */
@Injectable()
export class ConversationService {
  constructor(
    private readonly conversations: ConversationRepository,
    private readonly runs: RunRepository,
    private readonly audit: AuditTrail,
    private readonly cursors: CursorCodec,
  ) {}

  /** Newest first. */
  list(request: agentsMessages.ListConversationsRequest): Promise<agentsMessages.ConversationList> {
    const { search, archived = false } = request;
    const filter = { search: search === undefined ? null : patternOf(search), archived };
    return this.cursors.page(
      'conversations',
      request,
      (before: { id: string } | undefined, limit) => this.conversations.page(filter, before?.id ?? MAX_ID, limit),
      ({ id }) => ({ id }),
    );
  }

  /** With its messages, newest first. @throws DomainError `not_found` */
  async get(request: agentsMessages.ConversationRequest): Promise<agentsMessages.ConversationPage> {
    const conversation = existing(await this.conversations.find(request.id));
    const page = await this.cursors.page(
      'conversation',
      request,
      (before: { id: string } | undefined, limit) => this.runs.page(request.id, before?.id ?? MAX_ID, limit),
      ({ id }) => ({ id }),
    );
    return { ...conversation, ...page };
  }

  async create({ title }: agentsMessages.CreateConversationRequest, now: Date): Promise<Conversation> {
    const conversation = await this.conversations.create(newId(), title ?? null, now);
    await this.audit.done(typeOf(CreateConversation), conversation.id);
    return conversation;
  }

  /** @throws DomainError `not_found`, `etag_mismatch` */
  async update(request: agentsMessages.UpdateConversationRequest): Promise<Conversation> {
    const before = existing(await this.conversations.findForUpdate(request.id));
    assertVersion(before.version, request.if_match);
    const { title = before.title, archived = before.archived } = request;
    if (title === before.title && archived === before.archived) return before;
    const fields = [title !== before.title && 'title', archived !== before.archived && 'archived'].filter(Boolean);
    const after = await this.conversations.save({ ...before, title, archived, version: before.version + 1 });
    await this.audit.done(typeOf(UpdateConversation), after.id, { version: after.version, fields });
    return after;
  }
}

/** A part of a text, in which nothing stands for anything else. */
function patternOf(search: string): string {
  return `%${search.toLowerCase().replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
}

function existing(conversation: Conversation | undefined): Conversation {
  if (!conversation) throw new DomainError('not_found');
  return conversation;
}
