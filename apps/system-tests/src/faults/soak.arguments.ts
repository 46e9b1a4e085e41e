import { StartFailure } from '@apollo/servers';

/** What a run is asked to be. */
export interface SoakArguments {
  readonly seconds: number;
  readonly seed: number;
  /** Seconds in which everything works again after a fault is healed. */
  readonly wellWithin: number;
  /** Three NATS servers instead of one. */
  readonly cluster: boolean;
  /** Faults whose names contain one of these words; all when empty. */
  readonly only: readonly string[];
  /** Answers of a hostile model instead of faults. */
  readonly hostileAnswers?: number;
}

export const USAGE =
  'npm run soak -- [--minutes N | --seconds N] [--seed S] [--well-within S] [--cluster] [words of faults] | --hostile-model [--answers N] [--seed S]';
const HOSTILE_ANSWERS = 100_000;

/** @throws StartFailure for an argument that is none */
export function soakArguments(given: readonly string[], nowMs: number): SoakArguments {
  const standard = { seconds: 600, seed: nowMs % 1_000_000, wellWithin: 10, cluster: false, only: [] as string[] };
  const wanted: typeof standard & { hostileAnswers?: number } = standard;
  for (let place = 0; place < given.length; place += 1) {
    const word = given[place] ?? '';
    if (word === '--cluster') wanted.cluster = true;
    else if (word === '--hostile-model') wanted.hostileAnswers ??= HOSTILE_ANSWERS;
    else if (word === '--answers') wanted.hostileAnswers = numberOf(word, given[(place += 1)]);
    else if (word === '--minutes') wanted.seconds = 60 * numberOf(word, given[(place += 1)]);
    else if (word === '--seconds') wanted.seconds = numberOf(word, given[(place += 1)]);
    else if (word === '--seed') wanted.seed = numberOf(word, given[(place += 1)]);
    else if (word === '--well-within') wanted.wellWithin = numberOf(word, given[(place += 1)]);
    else if (word.startsWith('-')) throw new StartFailure(`${word} is not known here: ${USAGE}`);
    else wanted.only.push(word);
  }
  return wanted;
}

function numberOf(name: string, text: string | undefined): number {
  const value = Number(text);
  if (!text || !Number.isInteger(value) || value < 0) throw new StartFailure(`${name} takes a whole number: ${USAGE}`);
  return value;
}
