import { randomUUID } from 'node:crypto';

/** An answer that was not a success, as RFC 9457 tells it. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';

  constructor(
    readonly status: number,
    /** The stable code, or an empty text when the answer had none. */
    readonly code: string,
    request: string,
    detail: string,
  ) {
    super(`${request} → ${status}${code === '' ? '' : ` ${code}`}${detail === '' ? '' : `: ${detail}`}`);
  }
}

/** Any JSON object, as an answer. */
export type Json = Record<string, unknown>;

/** An answer with what a caller may want to look at. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Json;
  readonly text: string;
}

/** What may go with a request. */
export interface RequestOptions {
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Sent as it is, instead of `body`; name the content type in the headers. */
  readonly rawBody?: string;
  readonly form?: FormData;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Speaks to the HTTP API as one person, or as nobody. Every POST carries a fresh idempotency key. */
export class HttpClient {
  constructor(
    private readonly baseUrl: string,
    private readonly accessToken?: string,
    private readonly signal?: AbortSignal,
  ) {}

  /** Signs in and gives a client that acts as that person. */
  async signIn(email: string, password: string): Promise<HttpClient> {
    const { body } = await this.send('POST', '/v1/auth/login', { body: { email, password } });
    return new HttpClient(this.baseUrl, String(body['access_token']), this.signal);
  }

  async get(path: string, query?: Record<string, string>): Promise<Json> {
    return (await this.send('GET', path, query && { query })).body;
  }

  async post(path: string, body: unknown): Promise<Json> {
    return (await this.send('POST', path, { body })).body;
  }

  /** Sends a request; a status of 400 or more is a `ProblemError`. */
  async send(method: string, path: string, options: RequestOptions = {}): Promise<Answer> {
    const answer = await this.ask(method, path, options);
    if (answer.status < 400) return answer;
    const { code, detail, title } = answer.body as { code?: string; detail?: string; title?: string };
    throw new ProblemError(answer.status, code ?? '', `${method} ${path}`, detail ?? title ?? '');
  }

  /** Sends a request and gives whatever is answered. */
  async ask(
    method: string,
    path: string,
    { query, body, rawBody, form, headers }: RequestOptions = {},
  ): Promise<Answer> {
    const url = new URL(path, this.baseUrl);
    for (const [name, value] of Object.entries(query ?? {})) url.searchParams.set(name, value);
    const response = await fetch(url, {
      method,
      headers: {
        ...(this.accessToken !== undefined && { authorization: `Bearer ${this.accessToken}` }),
        ...(method === 'POST' && { 'idempotency-key': randomUUID() }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      body: form ?? rawBody ?? (body === undefined ? null : JSON.stringify(body)),
      signal: this.signal ?? null,
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: asJson(text, response.headers), text };
  }
}

function asJson(text: string, headers: Headers): Json {
  if (!/\bjson\b/.test(headers.get('content-type') ?? '')) return {};
  try {
    return JSON.parse(text) as Json;
  } catch {
    return {};
  }
}
