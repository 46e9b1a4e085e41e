import { randomUUID } from 'node:crypto';
import type { Json } from '@apollo/dev';
import type { Outcome } from './request.tracker.js';

/** Milliseconds a request may take before its answer counts as lost. */
const WITHIN_MS = 8_000;

/** An answer as it came. */
export interface HttpAnswer {
  readonly status: number;
  readonly body: Json;
  readonly text: string;
}

/** What goes with a request. */
export interface HttpRequest {
  readonly body?: unknown;
  readonly token?: string | undefined;
  readonly key?: string;
}

/** One request; what goes wrong on the way is thrown. */
export async function send(
  gateway: string,
  method: string,
  path: string,
  { body, token, key }: HttpRequest = {},
): Promise<HttpAnswer> {
  const response = await fetch(new URL(path, gateway), {
    method,
    body: body === undefined ? null : JSON.stringify(body),
    signal: AbortSignal.timeout(WITHIN_MS),
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(method !== 'GET' && { 'idempotency-key': key ?? randomUUID() }),
    },
  });
  const text = await response.text();
  return { status: response.status, text, body: parsed(text) };
}

/** What an answer, or none, says about what was asked for. */
export async function outcomeOf(sent: Promise<HttpAnswer>): Promise<Outcome<Json>> {
  try {
    const { status, body } = await sent;
    if (status < 400) return { end: 'kept', reply: body };
    // Whoever says 5xx or asks for patience says nothing about the effect. A bound of a day asks for more of it than
    // there is.
    if (status >= 500 || status === 408 || (status === 429 && !/ a day\.$/.test(String(body['detail']))))
      return { end: 'unknown', why: String(status), internal: status === 500 };
    return { end: 'refused', code: String(body['code'] ?? status) };
  } catch (error) {
    return { end: 'unknown', why: String(error) };
  }
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return {};
  }
}
