import { ChangeMemberRole, type EventContract, MemberChangedEvent, ResolveAccess, typeOf } from '@apollo/contracts';
import { handledMessage, MessageServer, Outbox } from '@apollo/messaging';
import { MemberNotedEvent } from './later.contracts.js';

/** What is noted where nobody said anything. */
const NOTHING = 'nothing was said';

type Handler = Parameters<MessageServer['addHandler']>[1];

const ANSWERED = [ChangeMemberRole, ResolveAccess].map(typeOf);

/** Has the services of this process do what those of the later release do, by the ways that both have. */
export function playLaterRelease(): void {
  answerMore();
  reactToMore();
  tellMore();
}

function answerMore(): void {
  const { addHandler } = MessageServer.prototype;
  MessageServer.prototype.addHandler = function (this: MessageServer, pattern: string, handler: Handler, ...rest) {
    addHandler.call(this, pattern, ANSWERED.includes(pattern) ? withNote(handler) : handler, ...rest);
  };
}

function withNote(handler: Handler): Handler {
  return async (payload: unknown, context: unknown) => ({
    ...((await handler(payload, context)) as object),
    note: noteIn(payload),
  });
}

/** The reaction does nothing: that the event has had its turn stands in the inbox. */
function reactToMore(): void {
  const { listen } = MessageServer.prototype;
  MessageServer.prototype.listen = function (this: MessageServer, callback) {
    this.addHandler(typeOf(MemberNotedEvent), () => Promise.resolve({}), true);
    listen.call(this, callback);
  };
}

function tellMore(): void {
  const { emit } = Outbox.prototype;
  Outbox.prototype.emit = async function (this: Outbox, contract: EventContract, entityId: string, payload: object) {
    if (contract !== MemberChangedEvent) return emit.call(this, contract, entityId, payload);
    const note = noteIn(handledMessage()?.payload);
    await emit.call(this, contract, entityId, { ...payload, note });
    await emit.call(this, MemberNotedEvent, entityId, { note });
  };
}

function noteIn(payload: unknown): string {
  return (payload as { note?: string } | undefined)?.note ?? NOTHING;
}
