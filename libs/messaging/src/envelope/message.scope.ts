import { AsyncLocalStorage } from 'node:async_hooks';
import { type AskedContract, DomainError } from '@apollo/contracts';
import { systemClock } from '@apollo/tenancy';
import type { Envelope } from './envelope.codec.js';

/** The message being handled: for the idempotency store and for deadlines of further requests. */
export interface HandledMessage {
  readonly envelope: Envelope;
  readonly contract: AskedContract;
  readonly payload: object;
  /** Runs a further part of its handling; see `afterWait`. */
  readonly again?: <T>(fn: () => Promise<T>) => Promise<T>;
}

const storage = new AsyncLocalStorage<HandledMessage>();

/** Runs `fn` as the handling of `message`. */
export function handling<T>(message: HandledMessage, fn: () => T): T {
  return storage.run(message, fn);
}

/**
 * Runs what has waited for its turn within the handling of a message, in the role that whoever asks has by then.
 * Whatever has work wait between the guard and the work runs it by this; what waits outside of a handler is looked at
 * elsewhere.
 *
 * @throws DomainError `deadline_exceeded` when nobody waits for the answer any more; where it waited for longer than a
 *   second, as the guard does, why it may not be done any more, and `service_unavailable` when nobody can say
 */
export async function afterWait<T>(fn: () => Promise<T>): Promise<T> {
  const again = handledMessage()?.again;
  return again ? again(fn) : fn();
}

/**
 * For long work within the handling of a message, now and then: it ends with whoever waits for it.
 *
 * @throws DomainError `deadline_exceeded` when nobody waits for the answer any more; never outside of a handler
 */
export function assertAwaited(): void {
  const message = handledMessage();
  if (message && systemClock().getTime() >= message.envelope.expiresAt) throw new DomainError('deadline_exceeded');
}

/** The message being handled, or undefined outside of a handler. */
export function handledMessage(): HandledMessage | undefined {
  return storage.getStore();
}
