import { type agentsMessages, CancelRun, DomainError, PostMessage, typeOf } from '@apollo/contracts';
import { handledMessage } from '@apollo/messaging';
import { AuditTrail, CursorCodec } from '@apollo/service-kit';
import { Jobs } from '@apollo/work';
import { Injectable } from '@nestjs/common';
import { ConversationRepository } from '../conversations/conversation.repository.js';
import { RUN_JOB } from './run.limits.js';
import { RunRepository } from './run.repository.js';
import { entryOf } from './run.view.js';

type Run = agentsMessages.Run;

/** Characters of a first message by which a conversation is called. */
const TITLE = 80;

/** Messages as people say them: each one is a run, which is done later. */
@Injectable()
export class RunService {
  constructor(
    private readonly runs: RunRepository,
    private readonly conversations: ConversationRepository,
    private readonly jobs: Jobs,
    private readonly audit: AuditTrail,
    private readonly cursors: CursorCodec,
  ) {}

  /**
   * Begins a run in the name of the acting person.
   *
   * @throws DomainError `not_found` for the conversation or the persona; `state_conflict` where the conversation is
   *   archived, or another run of it is under way; `forbidden` where nothing was granted to act by
   */
  async post(request: agentsMessages.PostMessageRequest, now: Date): Promise<Run> {
    const id = handledMessage()?.envelope.granted?.grant.run;
    if (!id) throw new DomainError('forbidden', 'Only a person who is signed in may have an agent act.');
    const conversation = await this.conversations.findForUpdate(request.conversation_id);
    if (!conversation) throw new DomainError('not_found');
    if (conversation.archived) throw new DomainError('state_conflict', 'The conversation is archived.');
    const persona_id = request.persona_id ?? (await this.runs.chiefOfStaff());
    const { conversation_id, text } = request;
    const run = persona_id && (await this.runs.create({ id, conversation_id, persona_id, text }, now));
    if (!run) throw new DomainError('not_found', 'No such persona is in use.');
    if (run === 'busy')
      throw new DomainError(
        'state_conflict',
        'An answer in this conversation is under way: wait for it, or cancel it.',
      );
    if (conversation.title === null)
      await this.conversations.save({ ...conversation, title: titleOf(text), version: conversation.version + 1 });
    await this.audit.done(typeOf(PostMessage), id, { conversation_id, persona_id });
    await this.jobs.start({ id, kind: RUN_JOB });
    return run;
  }

  /** A run with its log, from its beginning on. @throws DomainError `not_found` */
  async trace(request: agentsMessages.RunRequest): Promise<agentsMessages.RunTrace> {
    const run = await this.existing(request.id);
    const page = await this.cursors.page(
      'run',
      request,
      async (after: { seq: number } | undefined, limit) =>
        (await this.runs.entries(request.id, after?.seq ?? request.after ?? 0, limit)).map(entryOf),
      ({ seq }) => ({ seq }),
    );
    return { ...run, ...page };
  }

  /** Ends a run, whatever is under way for it; one that has ended stays as it is. @throws DomainError `not_found` */
  async cancel(id: string, now: Date): Promise<Run> {
    // Its job first, as those do who work on it: nobody waits for the other.
    await this.jobs.cancel(id);
    const ended = {
      id,
      state: 'cancelled',
      answer: null,
      failure: null,
      failure_detail: null,
      refused_by: null,
    } as const;
    const cancelled = await this.runs.end(ended, now);
    if (!cancelled) return this.existing(id);
    await this.audit.done(typeOf(CancelRun), id);
    return cancelled;
  }

  private async existing(id: string): Promise<Run> {
    const run = await this.runs.find(id);
    if (!run) throw new DomainError('not_found');
    return run;
  }
}

function titleOf(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return [...line].slice(0, TITLE).join('');
}
