import type { MailMessage } from './mail.message.js';

const MAX_MESSAGES = 1_000;
const MAX_CHARACTERS = 16_000_000;

/** The mails of this run, in memory; when there are too many, the oldest go. */
export class MailStore {
  readonly #messages: MailMessage[] = [];
  #characters = 0;

  /** Adds a mail as the newest. */
  add(message: MailMessage): void {
    this.#messages.push(message);
    this.#characters += sizeOf(message);
    while (this.#messages.length > MAX_MESSAGES || (this.#characters > MAX_CHARACTERS && this.#messages.length > 1)) {
      this.#characters -= sizeOf(this.#messages.shift() as MailMessage);
    }
  }

  /** All mails, or those to one address (compared without case), newest last. */
  list(to?: string): readonly MailMessage[] {
    const wanted = to?.trim().toLowerCase();
    return wanted === undefined
      ? [...this.#messages]
      : this.#messages.filter((message) => message.to.toLowerCase() === wanted);
  }

  /** Mails to addresses that have a text in them, compared without case, newest last. */
  search(part: string): readonly MailMessage[] {
    const wanted = part.trim().toLowerCase();
    return this.#messages.filter((message) => message.to.toLowerCase().includes(wanted));
  }
}

function sizeOf(message: MailMessage): number {
  return message.text.length + message.subject.length + message.links.reduce((sum, link) => sum + link.length, 0);
}
