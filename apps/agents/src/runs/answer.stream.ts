import { agentsMessages } from '@apollo/contracts';

/** Milliseconds for which what comes is gathered, once something was shown. */
export const GATHERED_MS = 60;
/** Milliseconds after which an answer is shown from its beginning again, for whoever came meanwhile. */
export const WHOLE_EVERY_MS = 1_000;
/** UTF-16 units of an answer up to which it is shown whole. */
export const LARGEST_WHOLE = 8 * agentsMessages.LONGEST_PIECE;

/**
 * An answer as it comes, in pieces: the first at once, the others as they were gathered for a moment, and all of it now
 * and then. Where nobody watches, nothing is shown.
 */
export class AnswerStream {
  private text = '';
  private shown = 0;
  private wholeAt = -Infinity;
  private timer: NodeJS.Timeout | undefined;

  /**
   * @param isWatched whether anybody is there
   * @param show a piece, and the UTF-16 units before it
   * @param now milliseconds of a clock that is never put back
   */
  constructor(
    private readonly isWatched: () => boolean,
    private readonly show: (piece: string, offset: number) => void,
    private readonly now = () => performance.now(),
  ) {}

  add(text: string): void {
    this.text += text;
    if (this.timer) return;
    this.flush();
    this.timer = setTimeout(() => this.gathered(), GATHERED_MS).unref();
  }

  /** Shows no more; what was gathered is in the log by then. */
  end(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private gathered(): void {
    this.timer = undefined;
    if (this.shown === this.text.length) return;
    this.flush();
    this.timer = setTimeout(() => this.gathered(), GATHERED_MS).unref();
  }

  private flush(): void {
    if (!this.isWatched()) {
      this.wholeAt = -Infinity;
      return;
    }
    if (this.text.length <= LARGEST_WHOLE && this.now() - this.wholeAt >= WHOLE_EVERY_MS) {
      this.wholeAt = this.now();
      this.shown = 0;
    }
    for (; this.shown < this.text.length; this.shown += agentsMessages.LONGEST_PIECE)
      this.show(this.text.slice(this.shown, this.shown + agentsMessages.LONGEST_PIECE), this.shown);
    this.shown = this.text.length;
  }
}
