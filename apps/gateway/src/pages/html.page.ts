import { createHash } from 'node:crypto';
import type { FastifyReply } from 'fastify';

/** A page that may run and load nothing but what is in it. */
export interface HtmlPage {
  readonly html: string;
  readonly contentSecurityPolicy: string;
}

const baseStyle = `:root{color-scheme:light dark;--ink:#1c2330;--quiet:#5d6778;--line:#d9dee7;--ground:#f4f6fa;--card:#fff;--accent:#2456c8;--good:#1a7f52;--bad:#b3261e}
@media(prefers-color-scheme:dark){:root{--ink:#e6eaf2;--quiet:#9aa5b8;--line:#323b4c;--ground:#12161f;--card:#1a202c;--accent:#86a9ff;--good:#5fcf98;--bad:#ff9a90}}
*{box-sizing:border-box}body{margin:0;background:var(--ground);color:var(--ink);font:1rem/1.5 system-ui,sans-serif}main{margin:0 auto;padding:2rem 1rem}
a{color:var(--accent)}.quiet{color:var(--quiet)}`;

/** Text as it may stand in HTML, attributes in double quotes included. */
export function text(value: string): string {
  return value.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Builds a page; style and script are allowed by their hash, anything injected later is not. */
export function htmlPage(parts: { title: string; body: string; style?: string; script?: string }): HtmlPage {
  const style = baseStyle + (parts.style ?? '');
  const script = parts.script ? `<script>${parts.script}</script>` : '';
  return {
    html: `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${text(parts.title)}</title><link rel="icon" href="data:,"><style>${style}</style></head><body>${parts.body}${script}</body></html>`,
    contentSecurityPolicy: [
      "default-src 'none'",
      `style-src ${hashOf(style)}`,
      'img-src data:',
      ...(parts.script ? [`script-src ${hashOf(parts.script)}`, "connect-src 'self'"] : []),
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
  };
}

function hashOf(content: string): string {
  return `'sha256-${createHash('sha256').update(content).digest('base64')}'`;
}

/** A page as it is sent: one that is large is kept as its bytes. */
export type SentPage = Omit<HtmlPage, 'html'> & { readonly html: string | Buffer };

/** Answers with a page. */
export function sendPage(reply: FastifyReply, page: SentPage): void {
  reply
    .headers({ 'content-type': 'text/html; charset=utf-8', 'content-security-policy': page.contentSecurityPolicy })
    .send(page.html);
}
