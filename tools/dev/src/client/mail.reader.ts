import { setTimeout as delay } from 'node:timers/promises';
import type { MailMessage } from '@apollo/servers';

const PATIENCE = 20_000;

/** Reads the inbox over HTTP, as the person would. */
export class MailReader {
  constructor(
    private readonly inboxUrl: string,
    private readonly signal?: AbortSignal,
  ) {}

  /** How many mails an address has got so far. */
  async count(to: string): Promise<number> {
    return (await this.#list(to)).length;
  }

  /** Waits for a mail that came after the first `seen` ones, and gives the token that its link carries. */
  async nextToken(to: string, seen: number): Promise<string> {
    for (let waited = 0; waited < PATIENCE; waited += 50) {
      const token = tokenOf((await this.#list(to)).slice(seen).at(-1));
      if (token !== undefined) return token;
      await delay(50, undefined, { ...(this.signal && { signal: this.signal }) });
    }
    throw new Error(`No mail with a link came to ${to} within ${PATIENCE / 1000} s; see ${this.inboxUrl}`);
  }

  async #list(to: string): Promise<MailMessage[]> {
    const answer = await fetch(`${this.inboxUrl}/api/messages?to=${encodeURIComponent(to)}`, {
      signal: this.signal ?? null,
    });
    return (await answer.json()) as MailMessage[];
  }
}

/** The token of a mail's link: its `token` parameter (query or fragment), else its last path segment. */
function tokenOf(mail: MailMessage | undefined): string | undefined {
  for (const link of mail?.links ?? []) {
    const url = new URL(link);
    const named = url.searchParams.get('token') ?? new URLSearchParams(url.hash.replace(/^#\??/, '')).get('token');
    const last = url.pathname.split('/').filter(Boolean).at(-1);
    const token = named ?? last;
    if (token !== undefined && token.length >= 20) return token;
  }
  return undefined;
}
