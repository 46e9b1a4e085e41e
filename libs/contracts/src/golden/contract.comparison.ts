import type { Contract, DelegatedWork } from '../message/contract.js';

/**
 * What both sides of a message rely on besides what it holds. What a role must be allowed is not among it: the service
 * that owns the message decides that for each, and whoever asks it only asks in vain.
 */
export interface ReleasedContract {
  readonly kind: string;
  readonly scope: string;
  /** Who may send a request. */
  readonly callers?: readonly string[];
  /** Who takes an event. */
  readonly consumers?: readonly string[];
  readonly delivery?: string;
  readonly personal?: boolean;
  readonly holdsSecret?: boolean;
  readonly remembersItself?: boolean;
  readonly delegates?: DelegatedWork;
}

/** What of a contract is compared. */
export function releasedContract(contract: Contract): ReleasedContract {
  const { kind, scope } = contract;
  if (contract.kind === 'event') {
    const { consumers, delivery, personal } = contract;
    return { kind, scope, consumers, delivery, ...(personal && { personal }) };
  }
  const { callers, holdsSecret, remembersItself, delegates } = contract;
  return {
    kind,
    scope,
    callers,
    ...(holdsSecret && { holdsSecret }),
    ...(remembersItself && { remembersItself }),
    ...(delegates && { delegates }),
  };
}

/**
 * What has to be the same on both sides: where a message travels (`kind`, `scope`, `delivery`), to whom the gateway
 * shows one answer (`personal`), how what was answered is kept and found again by another replica (`holdsSecret`,
 * `remembersItself`), and whether a grant goes with it (`delegates`): one that is not awaited is not believed, and one
 * that is missing is missed.
 */
const SAME = ['kind', 'scope', 'delivery', 'personal', 'holdsSecret', 'remembersItself', 'delegates'] as const;

/**
 * What a version says differently about a contract so that it could not be beside the one before: `<what>: changed`,
 * `callers: with <service>`, `callers: without <service>`, `consumers: without <service>`.
 */
export function contractChanges(before: ReleasedContract, after: ReleasedContract): string[] {
  const changed = SAME.filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
  return [
    ...changed.map((key) => `${key}: changed`),
    // A replica of before that finds the bus lets it send what it must not does not start.
    ...lacking(before.callers, after.callers).map((name) => `callers: with ${name}`),
    ...lacking(after.callers, before.callers).map((name) => `callers: without ${name}`),
    // One more takes events from when it is there; a replica of before that finds them no more at its consumer does
    // not start.
    ...lacking(after.consumers, before.consumers).map((name) => `consumers: without ${name}`),
  ];
}

function lacking(names: readonly string[] = [], of: readonly string[] = []): string[] {
  return of.filter((name) => !names.includes(name));
}
