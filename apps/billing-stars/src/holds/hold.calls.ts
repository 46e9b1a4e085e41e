import { call, type Call, functionCall } from '@apollo/tenancy/postgres';
import type { HoldCommand, NewHold } from './hold.commands.js';

/** What one call came to: the answer of one command, or those of a batch in its order. */
export interface CallOutcome {
  readonly answer: unknown;
  /** Whether an event was written down by now. */
  readonly told: boolean | null;
}

/** A call of the database, and which of the commands it decides, in its order. */
export interface PlacedCall {
  readonly call: Call<CallOutcome>;
  readonly places: readonly number[];
}

type Command<Kind extends HoldCommand['kind']> = Extract<HoldCommand, { kind: Kind }>;

/** The columns of a batch: each a list with a value of every reservation. */
type Columns<Row> = { readonly [Name in keyof Row]: readonly Row[Name][] };

/** One call of a function; what is said beside it is looked up after it. */
const calling = (of: string): string =>
  `select ${of} as answer, pg_catalog.current_setting('billing_stars.told', true) = 'on' as told`;

const reserve = functionCall<CallOutcome, NewHold>(
  'reserve',
  calling('billing_stars.reserve(:key, :hash, :stars, :agent, :person, :run, :price, :ttl, :actor)'),
);
const reserveMany = functionCall<CallOutcome, Columns<NewHold>>(
  'reserve many',
  calling('billing_stars.reserve_many(:key, :hash, :stars, :agent, :person, :run, :price, :ttl, :actor)'),
);
const settle = functionCall<CallOutcome, { hold: string; stars: number }>(
  'settle',
  calling('billing_stars.settle(:hold, :stars, :actor)'),
);
const settleMany = functionCall<CallOutcome, Columns<{ hold: string; stars: number }>>(
  'settle many',
  calling('billing_stars.settle_many(:hold, :stars, :actor)'),
);
const release = functionCall<CallOutcome, { hold: string }>('release', calling('billing_stars.release(:hold, :actor)'));
const releaseMany = functionCall<CallOutcome, Columns<{ hold: string }>>(
  'release many',
  calling('billing_stars.release_many(:hold, :actor)'),
);
const extend = functionCall<CallOutcome, { hold: string; ttl: number }>(
  'extend',
  calling('billing_stars.extend(:hold, :ttl)'),
);

/**
 * The calls that decide `commands`, in the order in which they are sent: what gives Stars back goes before what takes
 * them. Several of a kind are one call, one alone is the call for one; holds are extended one by one.
 */
export function callsOf(commands: readonly HoldCommand[]): PlacedCall[] {
  const of = <Kind extends HoldCommand['kind']>(kind: Kind): Placed<Kind>[] =>
    commands.flatMap((command, place) => (command.kind === kind ? [{ place, command: command as Command<Kind> }] : []));
  return [
    ...together(
      of('settle'),
      (one) => call(settle, one),
      (all) => call(settleMany, { hold: all.map(({ hold }) => hold), stars: all.map(({ stars }) => stars) }),
    ),
    ...together(
      of('release'),
      (one) => call(release, one),
      (all) => call(releaseMany, { hold: all.map(({ hold }) => hold) }),
    ),
    ...of('extend').map(({ command, place }) => ({ call: call(extend, command), places: [place] })),
    ...together(
      of('reserve'),
      (one) => call(reserve, one),
      (all) => call(reserveMany, columnsOf(all)),
    ),
  ];
}

interface Placed<Kind extends HoldCommand['kind']> {
  readonly place: number;
  readonly command: Command<Kind>;
}

function together<Kind extends HoldCommand['kind']>(
  placed: readonly Placed<Kind>[],
  forOne: (command: Command<Kind>) => Call<CallOutcome>,
  forAll: (commands: readonly Command<Kind>[]) => Call<CallOutcome>,
): PlacedCall[] {
  const [first] = placed;
  if (!first) return [];
  const places = placed.map(({ place }) => place);
  return [{ places, call: placed.length === 1 ? forOne(first.command) : forAll(placed.map(({ command }) => command)) }];
}

function columnsOf(holds: readonly NewHold[]): Columns<NewHold> {
  return {
    key: holds.map(({ key }) => key),
    hash: holds.map(({ hash }) => hash),
    stars: holds.map(({ stars }) => stars),
    agent: holds.map(({ agent }) => agent),
    person: holds.map(({ person }) => person),
    run: holds.map(({ run }) => run),
    price: holds.map(({ price }) => price),
    ttl: holds.map(({ ttl }) => ttl),
  };
}
