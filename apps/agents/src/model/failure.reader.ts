import { ADDRESS_REFUSED, type ModelFailure, ModelFailureError } from './model.failure.js';

/** Causes of causes that are looked at. */
const DEPTH = 6;

/** What a provider calls its errors, in `code` or `type`, as OpenAI and those that follow it do. */
const REFUSED = ['content_filter', 'content_policy_violation', 'responsible_ai_policy_violation', 'safety'];
const UNPAID = ['insufficient_quota', 'billing_hard_limit_reached', 'billing_not_active', 'payment_required'];
const UNAUTHORIZED = ['invalid_api_key', 'authentication_error', 'permission_error', 'permission_denied'];
const TOO_MANY = ['rate_limit_exceeded', 'rate_limit_error', 'too_many_requests', 'requests', 'tokens'];
const BAD_REQUEST = ['invalid_request_error', 'invalid_value', 'model_not_found', 'not_found_error'];
const CONTEXT = ['context_length_exceeded', 'string_above_max_length'];

/**
 * @param error whatever the adapter threw, or sent as a part of its stream; only numbers and known words are taken from
 *   it
 * @param begun whether something of the answer had come
 * @param longest seconds of a wait that is taken from the provider
 * @returns what it means
 */
export function readFailure(error: unknown, begun: boolean, longest: number): ModelFailure {
  const chain = causes(error);
  const own = chain.find((cause) => cause instanceof ModelFailureError);
  if (own instanceof ModelFailureError) return own.failure;
  if (chain.some((cause) => field(cause, 'code') === ADDRESS_REFUSED)) return { kind: 'address_refused' };
  const call = chain.find((cause) => field(cause, 'name') === 'AI_APICallError');
  const status = call && field(call, 'statusCode');
  // A connection that broke in mid-answer still carries the status of its beginning.
  if (typeof status === 'number' && status >= 300) {
    const wait = retryAfter(field(call, 'responseHeaders'), longest);
    return ofStatus(status, wordsOf(field(field(call, 'data'), 'error')), wait);
  }
  if (isEndWithoutReason(chain[0])) return begun ? { kind: 'cut_off' } : { kind: 'malformed' };
  if (chain.some((cause) => MALFORMED.includes(String(field(cause, 'name'))))) return { kind: 'malformed' };
  if (!(error instanceof Error)) return ofWords(error, longest);
  if (begun || status !== undefined) return { kind: 'cut_off' };
  // The adapter says so of a connection that never was; anything else is no answer that could be better next time.
  return call ? { kind: 'unavailable', status: null, retryAfterSeconds: null } : { kind: 'malformed' };
}

/** Names of the adapter's errors about what it could not read. */
const MALFORMED = [
  'AI_JSONParseError',
  'AI_TypeValidationError',
  'AI_InvalidResponseDataError',
  'AI_EmptyResponseBodyError',
];

/** The adapter's way to say that the stream ended before its last event. */
function isEndWithoutReason(error: unknown): boolean {
  return field(error, 'name') === 'AI_InvalidResponseDataError' && field(error, 'data') === undefined;
}

/** An error that came as an event, after an answer of 200: an object of the provider's. */
function ofWords(error: unknown, longest: number): ModelFailure {
  const words = wordsOf(error);
  const status = ['code', 'status', 'status_code'].map((key) => field(error, key)).find(isStatus);
  if (status !== undefined) return ofStatus(status, words, retryAfter(field(error, 'headers'), longest));
  const named = ofName(words, null);
  return named ?? { kind: 'unavailable', status: null, retryAfterSeconds: null };
}

function ofStatus(status: number, words: readonly string[], retryAfterSeconds: number | null): ModelFailure {
  if (status >= 500) return { kind: 'unavailable', status, retryAfterSeconds };
  const named = ofName(words, status);
  if (named && named.kind !== 'rate_limited') return named;
  if (status === 429) return { kind: 'rate_limited', retryAfterSeconds };
  if (status === 401 || status === 402 || status === 403) return { kind: 'unauthorized', status };
  if (status === 408 || status === 425) return { kind: 'unavailable', status, retryAfterSeconds };
  // A redirection is not followed: where it leads nobody has checked.
  return status >= 400 ? { kind: 'bad_request', status, reason: 'other' } : { kind: 'malformed' };
}

function ofName(words: readonly string[], status: number | null): ModelFailure | undefined {
  const says = (known: readonly string[]) => words.some((word) => known.includes(word));
  if (says(REFUSED)) return { kind: 'refused' };
  if (says(CONTEXT)) return { kind: 'bad_request', status, reason: 'context_length' };
  if (says(UNPAID) || says(UNAUTHORIZED)) return { kind: 'unauthorized', status };
  if (says(TOO_MANY)) return { kind: 'rate_limited', retryAfterSeconds: null };
  // Of an answer with a status, that says more than the general word beside it.
  if (status === null && says(BAD_REQUEST)) return { kind: 'bad_request', status, reason: 'other' };
  return undefined;
}

/** @returns seconds, rounded up; null where the provider named none that can be read */
function retryAfter(headers: unknown, longest: number): number | null {
  const milliseconds = Number(field(headers, 'retry-after-ms') ?? Number.NaN);
  if (milliseconds >= 0) return Math.min(longest, Math.ceil(milliseconds / 1000));
  const said = field(headers, 'retry-after');
  if (typeof said !== 'string' || said.trim() === '') return null;
  // A date is compared with the one of the same answer, so that no clock but the provider's matters.
  const isDate = /^[a-z]{3,9}, /i.test(said);
  const seconds = isDate ? (Date.parse(said) - Date.parse(String(field(headers, 'date')))) / 1000 : Number(said);
  return seconds >= 0 ? Math.min(longest, Math.ceil(seconds)) : null;
}

function isStatus(value: unknown): value is number {
  return typeof value === 'number' && value >= 400 && value < 600;
}

function wordsOf(error: unknown): string[] {
  return ['code', 'type', 'status']
    .map((key) => field(error, key))
    .filter((value) => typeof value === 'string')
    .map((value) => value.toLowerCase());
}

function causes(error: unknown): unknown[] {
  const found: unknown[] = [];
  for (let cause = error; cause != null && found.length < DEPTH; cause = field(cause, 'cause')) found.push(cause);
  return found;
}

function field(of: unknown, key: string): unknown {
  return typeof of === 'object' && of !== null ? (of as Record<string, unknown>)[key] : undefined;
}
