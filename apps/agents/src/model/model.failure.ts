/**
 * What can go wrong with one call of a model; nothing else leaves it. A provider's own error holds the whole prompt and
 * may repeat the key, so nothing of it is kept but a number and what is told apart here.
 */
export type ModelFailure =
  /** Too many requests. `retryAfterSeconds` is the provider's wish, cut to the bound; null where it named none. */
  | { readonly kind: 'rate_limited'; readonly retryAfterSeconds: number | null }
  /** An answer of 5xx (`status`), or no connection at all (null). */
  | { readonly kind: 'unavailable'; readonly status: number | null; readonly retryAfterSeconds: number | null }
  /** The key is not accepted, or nobody pays for it. */
  | { readonly kind: 'unauthorized'; readonly status: number | null }
  /** The request is not accepted, whoever asks. `context_length`: the conversation is too long for the model. */
  | { readonly kind: 'bad_request'; readonly status: number | null; readonly reason: 'context_length' | 'other' }
  /** Our own patience: for all of it, for its first part, or for the next one. */
  | { readonly kind: 'timed_out'; readonly waitedFor: 'total' | 'first_chunk' | 'chunk' }
  /** The answer began and did not end. */
  | { readonly kind: 'cut_off' }
  /** What came is no answer. */
  | { readonly kind: 'malformed' }
  /** Beyond a bound on what is taken. */
  | { readonly kind: 'too_long'; readonly bound: 'answer' | 'wire' | 'event' | 'tool_calls' }
  /** The model or its provider declined. */
  | { readonly kind: 'refused' }
  /** The `fetch` that was passed in reaches no such address. */
  | { readonly kind: 'address_refused' }
  /** Whoever asked wanted no more. */
  | { readonly kind: 'aborted' };

/** `code` of the error, or of its cause, by which a passed-in `fetch` says that it reaches no such address. */
export const ADDRESS_REFUSED = 'E_ADDRESS';

/** @returns whether the same request may be answered later, by this model or another one */
export function isTemporary(failure: ModelFailure): boolean {
  return ['rate_limited', 'unavailable', 'timed_out', 'cut_off'].includes(failure.kind);
}

/** A bound was passed where nothing but an exception can say so: within a stream. */
export class ModelFailureError extends Error {
  constructor(readonly failure: ModelFailure) {
    super(`The call of the model ended: ${failure.kind}.`);
    this.name = 'ModelFailureError';
  }
}
