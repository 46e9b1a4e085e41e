import { setTimeout as sleep } from 'node:timers/promises';
import { Tally } from '@apollo/tenancy';

/** Milliseconds after which an answer is late; the next one is in half of that. */
const LATE_MS = 500;
const NEXT_MS = LATE_MS / 2;
/** Times that one request is asked at most: the bus picks who is asked, and may pick one that stands still again. */
const ASKED_AT_MOST = 16;
/** Milliseconds until another one is asked when one has just said that it cannot serve. */
const ELSEWHERE_MS = 50;
/** Milliseconds below which nobody can be expected to answer. */
const TOO_LATE_MS = 50;
/**
 * Requests are asked again as often as there are new ones, and so often at once; where answers are usually late, a
 * tenth of that.
 */
const AT_ONCE = 50;
/** Of those at once, as many for one organization, or for one person without one, at most. */
const AT_ONCE_EACH = AT_ONCE / 2;
const PRICE_WHERE_ALL_ARE_LATE = 10;
/** How much one answer weighs in how long they usually take. */
const WEIGHT = 0.05;

/**
 * Hedged requests to the replicas of a service, for what takes effect once however often it is asked. When no answer
 * comes for a while, as of one that was killed or stands still, or one says that it cannot serve, it is asked again,
 * and another one answers. The first answer counts. An organization whose requests are late leaves half of what may be
 * asked again at once to others.
 */
export class HedgedRequests {
  private spare = AT_ONCE;
  /** Of what is not spare, how much each organization or person has taken since it gave as many requests. */
  private readonly taken = new Tally();
  /** Milliseconds that answers take lately. */
  private usual = 0;

  /**
   * @param ask asks once, and waits for an answer for as many milliseconds
   * @param isUnserved whether it failed since who was asked cannot serve
   * @param timeoutMs for how long an answer is waited for in all
   * @param holder whose request it is: an organization's or a person's; undefined for the platform
   * @throws what the last attempt threw
   */
  async ask<Answer>(
    ask: (timeoutMs: number) => Promise<Answer>,
    isUnserved: (error: unknown) => boolean,
    timeoutMs: number,
    holder?: string,
  ): Promise<Answer> {
    this.spare = Math.min(AT_ONCE, this.spare + 1);
    if (holder !== undefined && this.taken.of(holder) > 0) this.taken.add(holder, -1);
    const end = performance.now() + timeoutMs;
    const attempt = async (nth: number): Promise<Answer> => {
      const begun = performance.now();
      const answer = ask(end - begun);
      if (nth === ASKED_AT_MOST) return answer;
      const outcome = await firstOf(answer, isUnserved, nth === 1 ? LATE_MS : NEXT_MS);
      if (outcome === 'answered') this.learn(performance.now() - begun);
      if (outcome === 'answered' || !this.mayAskAgain(outcome, end, holder)) return answer;
      if (outcome === 'late') {
        answer.then(
          () => this.learn(performance.now() - begun),
          () => undefined,
        );
        return Promise.any([answer, attempt(nth + 1)]).catch(lastReason);
      }
      await sleep(ELSEWHERE_MS);
      return attempt(nth + 1);
    };
    return attempt(1);
  }

  private learn(tookMs: number): void {
    this.usual += WEIGHT * (tookMs - this.usual);
  }

  private mayAskAgain(outcome: 'unserved' | 'late', end: number, holder: string | undefined): boolean {
    const price = outcome === 'late' && this.usual >= LATE_MS ? PRICE_WHERE_ALL_ARE_LATE : 1;
    if (this.spare < price || end - performance.now() < ELSEWHERE_MS + TOO_LATE_MS) return false;
    if (holder !== undefined && this.taken.of(holder) + price > AT_ONCE_EACH) return false;
    this.spare -= price;
    if (holder !== undefined) this.taken.add(holder, price);
    return true;
  }
}

/**
 * What comes first of an answer, or a failure that asking again would not mend; that nobody serves there; and lateness.
 */
async function firstOf(
  answer: Promise<unknown>,
  isUnserved: (error: unknown) => boolean,
  lateMs: number,
): Promise<'answered' | 'unserved' | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => (timer = setTimeout(resolve, lateMs, 'late')));
  const settled = answer.then(
    () => 'answered' as const,
    (error: unknown) => (isUnserved(error) ? 'unserved' : 'answered'),
  );
  const first = await Promise.race([settled, late]);
  clearTimeout(timer);
  return first;
}

function lastReason(error: unknown): never {
  throw error instanceof AggregateError ? error.errors.at(-1) : error;
}
