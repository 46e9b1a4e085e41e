import { newId } from '@apollo/tenancy';
import { statement, type TenantDatabase } from '@apollo/tenancy/postgres';
import { actAs } from './acting.service.js';
import { type Spender, StarCount } from './star.count.js';

interface Wish {
  readonly key: string;
  readonly hash: string;
  readonly stars: number;
  readonly agent: string;
  readonly person: string;
  readonly run: string;
}
type Answer =
  { readonly outcome: 'reserved'; readonly hold_id: string } | { readonly outcome: 'refused'; readonly layer: string };

// An hour: no hold of a race expires before its end.
const reserve = statement<{ answer: Answer }, Wish>(
  'reserve',
  'select billing_stars.reserve(:key, :hash, :stars, :agent, :person, :run, 1, 3600, :actor) as answer',
);
const settle = statement<{ answer: { outcome: string } }, { hold: string; stars: number }>(
  'settle',
  'select billing_stars.settle(:hold, :stars, :actor) as answer',
);
const release = statement<{ answer: { outcome: string } }, { hold: string }>(
  'release',
  'select billing_stars.release(:hold, :actor) as answer',
);

const AGENTS = 10;
const PEOPLE = 5;
const HASH = '0'.repeat(64);

const below = (n: number): number => Math.floor(Math.random() * n);
/** Some are wanted more than others, so that each layer has caps that are reached before those of the next. */
const wanted = (of: readonly string[]): string => of[below(1 + below(of.length))] as string;

/** Callers that want more Stars of one organization than there are, all at once. */
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

  /** Makes `reservations`, `callers` at a time, each by a call of the function on a connection of its own. */
  async run(reservations: number, callers: number): Promise<void> {
    let left = reservations;
    await Promise.all(
      Array.from({ length: callers }, async () => {
        while (left-- > 0) await actAs('agents', this.orgId, () => this.attempt());
      }),
    );
  }

  /** One to three Stars; four of ten that are granted are charged, three given back, three stay held. */
  private async attempt(): Promise<void> {
    const spender: Spender = { agent: wanted(this.agents), person: wanted(this.people) };
    const stars = 1 + below(3);
    const [row] = await this.database.query(reserve, { ...spender, key: newId(), hash: HASH, stars, run: newId() });
    const answer = row?.answer as Answer;
    const outcome = answer.outcome === 'refused' ? `refused by ${answer.layer}` : answer.outcome;
    this.outcomes.set(outcome, (this.outcomes.get(outcome) ?? 0) + 1);
    if (answer.outcome === 'refused') return;
    if (answer.outcome !== 'reserved') throw new Error(`a reservation ended with ${JSON.stringify(answer)}`);
    this.count.add(spender, stars);
    const dice = below(10);
    if (dice < 4) await this.settle(spender, answer.hold_id, stars, 1 + below(stars));
    else if (dice < 7) await this.release(spender, answer.hold_id, stars);
  }

  private async settle(spender: Spender, hold: string, held: number, cost: number): Promise<void> {
    const [row] = await this.database.query(settle, { hold, stars: cost });
    if (row?.answer.outcome !== 'settled') throw new Error(`a settlement ended with ${JSON.stringify(row)}`);
    this.count.add(spender, cost - held);
  }

  private async release(spender: Spender, hold: string, held: number): Promise<void> {
    const [row] = await this.database.query(release, { hold });
    if (row?.answer.outcome !== 'released') throw new Error(`a release ended with ${JSON.stringify(row)}`);
    this.count.add(spender, -held);
  }
}
