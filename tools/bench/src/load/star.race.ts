import { newId } from '@apollo/tenancy';
import { statement, type TenantDatabase } from '@apollo/tenancy/postgres';
import { actAs } from './acting.service.js';
import { type Spender, StarCount } from './star.count.js';

interface Wish extends Spender {
  readonly key: string;
  readonly stars: number;
  readonly run: string;
}
/** A list of each, in the same order. */
type Lists<Row> = { readonly [Name in keyof Row]: readonly Row[Name][] };
type Answer =
  { readonly outcome: 'reserved'; readonly hold_id: string } | { readonly outcome: 'refused'; readonly layer: string };
interface Ended {
  readonly outcome: string;
}
/** A hold that was granted, and what it is to be charged; null to give it back. */
interface End {
  readonly spender: Spender;
  readonly hold: string;
  readonly held: number;
  readonly cost: number | null;
}

const HASH = '0'.repeat(64);
// An hour: no hold of a race expires before its end.
const reserve = statement<{ answer: Answer }, Wish>(
  'reserve',
  `select billing_stars.reserve(:key, '${HASH}', :stars, :agent, :person, :run, 1, 3600, :actor) as answer`,
);
const reserveMany = statement<{ answer: readonly Answer[] }, Lists<Wish>>(
  'reserve many',
  `select billing_stars.reserve_many(:key::text[], array_fill('${HASH}'::text, array[cardinality(:key::text[])]), :stars, :agent, :person, :run,
    array_fill(1, array[cardinality(:key::text[])]), array_fill(3600, array[cardinality(:key::text[])]), :actor) as answer`,
);
const settle = statement<{ answer: Ended }, { hold: string; stars: number }>(
  'settle',
  'select billing_stars.settle(:hold, :stars, :actor) as answer',
);
const settleMany = statement<{ answer: readonly Ended[] }, Lists<{ hold: string; stars: number }>>(
  'settle many',
  'select billing_stars.settle_many(:hold, :stars, :actor) as answer',
);
const release = statement<{ answer: Ended }, { hold: string }>(
  'release',
  'select billing_stars.release(:hold, :actor) as answer',
);
const releaseMany = statement<{ answer: readonly Ended[] }, Lists<{ hold: string }>>(
  'release many',
  'select billing_stars.release_many(:hold, :actor) as answer',
);

const AGENTS = 10;
const PEOPLE = 5;
/** Reservations that every other caller has decided together. */
const TOGETHER = 16;

const below = (n: number): number => Math.floor(Math.random() * n);
/** Some are wanted more than others, so that each layer has caps that are reached before those of the next. */
const wanted = (of: readonly string[]): string => of[below(1 + below(of.length))] as string;

/**
 * Callers that want more Stars of one organization than there are, all at once: one by one, and every other caller many
 * together.
 */
export class StarRace {
  readonly count = new StarCount();
  private readonly agents = Array.from({ length: AGENTS }, () => newId());
  private readonly people = Array.from({ length: PEOPLE }, () => newId());

  /** @param outcomes counts what every reservation came to */
  constructor(
    private readonly database: TenantDatabase,
    readonly orgId: string,
    private readonly outcomes: Map<string, number>,
  ) {}

  /** Makes `reservations`, `callers` at a time, each by calls of the functions on a connection of its own. */
  async run(reservations: number, callers: number): Promise<void> {
    let left = reservations;
    await Promise.all(
      Array.from({ length: callers }, async (_, caller) => {
        const most = caller % 2 ? TOGETHER : 1;
        while (left > 0) {
          const size = Math.min(left, most);
          left -= size;
          await actAs('agents', this.orgId, () => this.attempt(size));
        }
      }),
    );
  }

  /** One to three Stars each; four of ten that are granted are charged, three given back, three stay held. */
  private async attempt(size: number): Promise<void> {
    const wishes = Array.from({ length: size }, () => ({
      agent: wanted(this.agents),
      person: wanted(this.people),
      key: newId(),
      stars: 1 + below(3),
      run: newId(),
    }));
    const ends: End[] = [];
    for (const [n, answer] of (await this.reserved(wishes)).entries()) {
      const wish = wishes[n] as Wish;
      const outcome = answer.outcome === 'refused' ? `refused by ${answer.layer}` : answer.outcome;
      this.outcomes.set(outcome, (this.outcomes.get(outcome) ?? 0) + 1);
      if (answer.outcome === 'refused') continue;
      if (answer.outcome !== 'reserved') throw new Error(`a reservation ended with ${JSON.stringify(answer)}`);
      this.count.add(wish, wish.stars);
      const dice = below(10);
      const end = { spender: wish, hold: answer.hold_id, held: wish.stars };
      if (dice < 7) ends.push({ ...end, cost: dice < 4 ? 1 + below(wish.stars) : null });
    }
    await this.charge(ends.filter(({ cost }) => cost !== null));
    await this.giveBack(ends.filter(({ cost }) => cost === null));
  }

  private async reserved(wishes: readonly Wish[]): Promise<readonly Answer[]> {
    if (wishes.length === 1) return (await this.database.query(reserve, wishes[0] as Wish)).map(({ answer }) => answer);
    const list = <Name extends keyof Wish>(name: Name): Wish[Name][] => wishes.map((wish) => wish[name]);
    const [row] = await this.database.query(reserveMany, {
      key: list('key'),
      stars: list('stars'),
      agent: list('agent'),
      person: list('person'),
      run: list('run'),
    });
    return row?.answer ?? [];
  }

  private async charge(ends: readonly End[]): Promise<void> {
    const [first] = ends;
    if (!first) return;
    const stars = ends.map(({ cost }) => cost ?? 0);
    const rows =
      ends.length === 1
        ? await this.database.query(settle, { hold: first.hold, stars: first.cost ?? 0 })
        : await this.database.query(settleMany, { hold: ends.map(({ hold }) => hold), stars });
    this.note(ends, 'settled', rows);
  }

  private async giveBack(ends: readonly End[]): Promise<void> {
    const [first] = ends;
    if (!first) return;
    const rows =
      ends.length === 1
        ? await this.database.query(release, { hold: first.hold })
        : await this.database.query(releaseMany, { hold: ends.map(({ hold }) => hold) });
    this.note(ends, 'released', rows);
  }

  /** Counts what the ends came to. @throws Error where one of them came to anything else than `outcome` */
  private note(ends: readonly End[], outcome: string, rows: readonly { answer: Ended | readonly Ended[] }[]): void {
    const answers = rows.flatMap(({ answer }) => answer);
    for (const [n, { spender, held, cost }] of ends.entries()) {
      if (answers[n]?.outcome !== outcome) throw new Error(`an end came to ${JSON.stringify(answers[n])}`);
      this.count.add(spender, (cost ?? 0) - held);
    }
  }
}
