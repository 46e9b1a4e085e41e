import type { Answer, Json, RequestOptions } from '../client/http.client.js';

/** One way of trying to get at what belongs to another organization. */
export interface Attempt {
  /** Ends "tries to …". */
  readonly what: string;
  readonly method: string;
  readonly path: string;
  readonly options?: RequestOptions;
  /** The status that shows nothing: 200 for a list without the other's rows, 404 for an object. */
  readonly status: number;
  /** Something of one's own that the answer must hold, so that an empty answer proves nothing by accident. */
  readonly own?: string;
}

/** Texts shorter than this turn up by chance. */
const SHORTEST = 8;

/** What must not be in any answer to an outsider: a lead's ids and contents, and a note written about it. */
export function secretsOf(lead: Json, ...more: readonly string[]): string[] {
  const { id, contact_name, company, email, phone, external_id, custom_fields } = lead;
  const headings = Object.keys((custom_fields ?? {}) as Json).map((key) => `custom_fields.${key}`);
  const texts = [id, contact_name, company, email, phone, external_id, ...headings, ...more];
  return texts.filter((text): text is string => typeof text === 'string' && text.length >= SHORTEST);
}

/**
 * What is wrong with the answer to an attempt, or undefined when it shows nothing. What the request itself said, an
 * answer may repeat.
 */
export function flawOf(
  { method, path, options = {}, status, own }: Attempt,
  answer: Answer,
  secrets: readonly string[],
): string | undefined {
  const asked = `${method} ${path} ${JSON.stringify(options.query ?? {})} ${JSON.stringify(options.body ?? {})}`;
  const told = `${[...answer.headers].flat().join('\n')}\n${answer.text}`;
  const seen = secrets.find((secret) => !asked.includes(secret) && told.includes(secret));
  if (seen !== undefined) return `shows "${seen}"`;
  if (answer.status !== status) return `is answered ${answer.status} instead of ${status}`;
  if (own !== undefined && !answer.text.includes(own)) return 'does not even show what is one\u2019s own';
  return undefined;
}

/** Whether two refusals are the same word for word, but for what is different in every answer. */
export function sameRefusal(one: Answer, other: Answer): boolean {
  const words = ({ status, body }: Answer) => JSON.stringify({ ...body, status, request_id: undefined });
  return words(one) === words(other);
}

/** An id of the same form that no object has. */
export function madeUpId(id: string): string {
  return id.replace(/[0-9a-f]{12}$/, (tail) =>
    [...tail].map((digit) => (15 - parseInt(digit, 16)).toString(16)).join(''),
  );
}
