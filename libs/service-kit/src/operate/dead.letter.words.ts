import { isUuid } from '@apollo/tenancy';

/** What is done with one thing that waits. */
export type DeadLetterAction =
  { readonly verb: 'show' } | { readonly verb: 'replay' } | { readonly verb: 'give-up'; readonly reason: string };

/**
 * One thing that waits. An id alone is no address: whoever starts a job chooses its id, and a person's is one in all
 * their organizations.
 */
export interface Address {
  readonly organization: string;
  readonly id: string;
  /** `--job`, `--event` or `--event=<source>.<entity>`; absent where the operator takes it for the only one. */
  readonly option: string | undefined;
}

/** What an operator's command asks for. */
export type DeadLetterWords =
  | { readonly verb: 'list' }
  | { readonly verb: 'replay-all' }
  | { readonly action: DeadLetterAction; readonly address: Address };

const ADDRESS = '<organization> <id> [--job|--event]';
const USAGE = `Say what to do: list | show ${ADDRESS} | replay ${ADDRESS} | replay --all | give-up ${ADDRESS} <reason>`;
const OPTION = /^--(?:job|event(?:=[a-z.-]{1,100})?)$/;

/**
 * Reads the words of a command for dead letters.
 *
 * @throws Error with a usage line for what is no command
 */
export function readDeadLetterWords(words: readonly string[]): DeadLetterWords {
  const [verb, first, second] = words;
  if (verb === 'list' && words.length === 1) return { verb };
  if (verb === 'replay' && first === '--all' && words.length === 2) return { verb: 'replay-all' };
  if (!isUuid(first) || !isUuid(second)) throw new Error(USAGE);
  const rest = words.slice(3);
  const option = OPTION.test(rest[0] ?? '') ? rest.shift() : undefined;
  return {
    action: actionOf(verb, rest.join(' ').trim()),
    address: { organization: first, id: second, option },
  };
}

function actionOf(verb: string | undefined, reason: string): DeadLetterAction {
  if (verb === 'give-up' && reason !== '') return { verb, reason };
  if ((verb === 'show' || verb === 'replay') && reason === '') return { verb };
  throw new Error(USAGE);
}
