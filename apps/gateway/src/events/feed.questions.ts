import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { type ServiceName, SHOWN_EVENTS, typeOf } from '@apollo/contracts';
import { Bus } from '@apollo/messaging';
import { currentTenant } from '@apollo/tenancy';
import { Injectable } from '@nestjs/common';
import { type FeedPage, feedOf, readPage } from './feed.page.js';

/** Milliseconds between two rounds of questions of one organization. */
const ROUND_MS = 250;
/** Questions of one organization under way at most; those beyond it wait for a later round, in the order they came. */
export const UNDER_WAY = 20;
/** Events of one answer. */
const EVENTS = 100;

const PERSONAL = new Set(SHOWN_EVENTS.filter(({ personal }) => personal).map(({ service }) => service));
const FOR_ALL = new Set(SHOWN_EVENTS.filter(({ personal }) => !personal).map(typeOf));

interface Question {
  /** In whose name it is asked. */
  readonly actor: string;
  readonly answer: Promise<FeedPage>;
  readonly begin: () => void;
}

/** What the streams of one organization ask for next. */
interface Round {
  readonly waiting: Map<string, Question>;
  underWay: number;
}

/**
 * Asks services what is new, for all event streams of an organization together: streams at one place of a feed share a
 * question where their roles may see the same, and an organization asks in rounds, each of so many questions. So what
 * services are asked is bounded by time, not by how many watch and how much happens. An answer is of a question that
 * began after it was asked for: it holds whatever was there then. One that was decided by another role, because whoever
 * it was put for has had another one since, is of use to nobody else, who ask for themselves then.
 */
@Injectable()
export class FeedQuestions {
  private readonly rounds = new Map<string, Round>();
  /** Until the next round may begin. */
  pause: () => Promise<unknown> = () => sleep(ROUND_MS, undefined, { ref: false });

  constructor(private readonly bus: Bus) {}

  /**
   * The events after one of them that the acting member may see; without one, none, and where they begin.
   *
   * @throws DomainError what the service says, or that it does not answer
   */
  async ask(service: ServiceName, after: string | undefined): Promise<FeedPage> {
    const { role, actor } = currentTenant();
    const shared = this.put(service, after, PERSONAL.has(service) ? actor : '');
    const page = await shared.answer;
    const isMine = shared.actor === actor || page.role === undefined || page.role === role;
    return isMine ? page : this.put(service, after, actor).answer;
  }

  /** @param alone the person whose question it is alone; none for one that is shared */
  private put(service: ServiceName, after: string | undefined, alone: string): Question {
    const { orgId, role, actor } = currentTenant();
    if (orgId === null) throw new Error('only an organization is asked for');
    const known = this.rounds.get(orgId);
    const round = known ?? { waiting: new Map<string, Question>(), underWay: 0 };
    const key = [service, after, role, alone].join(' ');
    const question = round.waiting.get(key) ?? this.question(service, after, actor);
    round.waiting.set(key, question);
    if (!known) {
      this.rounds.set(orgId, round);
      void this.run(round, () => this.rounds.delete(orgId));
    }
    return question;
  }

  /** A question that waits for its round; it is asked for whom it was put by. */
  private question(service: ServiceName, after: string | undefined, actor: string): Question {
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    const answer = begun.then(async () => {
      const page = await this.bus.request(feedOf(service), { after, limit: EVENTS });
      // A type that only a later version knows may be personal: it is shown to nobody whose question it may not have been.
      return readPage(service, page, PERSONAL.has(service) ? undefined : FOR_ALL);
    });
    return { actor, answer, begin };
  }

  private async run(round: Round, onEnd: () => void): Promise<void> {
    // Whoever was woken by the same event is heard first.
    await turn();
    while (round.waiting.size > 0) {
      for (const [key, { begin, answer }] of [...round.waiting].slice(0, UNDER_WAY - round.underWay)) {
        const ended = (): void => void (round.underWay -= 1);
        round.waiting.delete(key);
        round.underWay += 1;
        answer.then(ended, ended);
        begin();
      }
      await this.pause();
    }
    onEnd();
  }
}
