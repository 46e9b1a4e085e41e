import { AsyncLocalStorage } from 'node:async_hooks';
import type { AskedContract } from '@apollo/contracts';
import type { Envelope } from './envelope.codec.js';

/** The message being handled: for the idempotency store and for deadlines of further requests. */
export interface HandledMessage {
  readonly envelope: Envelope;
  readonly contract: AskedContract;
  readonly payload: object;
}

const storage = new AsyncLocalStorage<HandledMessage>();

/** Runs `fn` as the handling of `message`. */
export function handling<T>(message: HandledMessage, fn: () => T): T {
  return storage.run(message, fn);
}

/** The message being handled, or undefined outside of a handler. */
export function handledMessage(): HandledMessage | undefined {
  return storage.getStore();
}
