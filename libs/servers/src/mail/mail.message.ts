import PostalMime from 'postal-mime';

/** A mail as the inbox gives it out, one for each recipient. */
export interface MailMessage {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** Every http(s) address in the text and the HTML part, each once, in order. */
  readonly links: readonly string[];
  /** ISO 8601, UTC. */
  readonly received_at: string;
}

/** The most that is kept of a mail's text, in characters. */
const MAX_TEXT = 64_000;
const MAX_LINKS = 50;

/** Reads a raw mail; `recipients` are those of the SMTP dialogue, since a mail's own headers may say anything. */
export async function readMail(
  raw: Uint8Array,
  recipients: readonly string[],
  receivedAt: Date,
): Promise<MailMessage[]> {
  const mail = await PostalMime.parse(raw);
  const html = mail.html ?? '';
  const text = (mail.text ?? withoutTags(html)).slice(0, MAX_TEXT);
  const message = {
    subject: (mail.subject ?? '').slice(0, 500),
    text,
    links: linksIn(`${text}\n${html.replaceAll('&amp;', '&')}`),
    received_at: receivedAt.toISOString(),
  };
  return recipients.map((to) => ({ to, ...message }));
}

/** Finds http(s) addresses. A full stop or a bracket after one belongs to the sentence around it. */
export function linksIn(text: string): string[] {
  const found = text.slice(0, 4 * MAX_TEXT).match(/\bhttps?:\/\/[^\s<>"'\\^`{|}]+/gi) ?? [];
  const trimmed = found
    .map((link) => link.replace(/(?<![.,;:!?)\]])[.,;:!?)\]]+$/, ''))
    .filter((link) => URL.canParse(link));
  return [...new Set(trimmed)].slice(0, MAX_LINKS);
}

function withoutTags(html: string): string {
  return html
    .replace(/<(style|script)[\s\S]*?<\/\1>/gi, '')
    .replace(/<[^<>]*>/g, ' ')
    .replace(/[ \t]+/g, ' ')
    .trim();
}
