import { uuidShape } from './field.checks.js';
import { fieldNames, type MessageClass } from './fields.js';
import type { Permission } from './permissions.js';

/** The services that speak; the only words allowed as `service`, `callers` and `consumers`. */
export const SERVICES = ['gateway', 'identity', 'orgs', 'leads', 'agents', 'billing-stars'] as const;
export type ServiceName = (typeof SERVICES)[number];

/** For whom a message may travel; only `platform` may go without an organization or a person. */
export type ContractScope = 'org' | 'self' | 'platform';

/** Seconds for which a service may act later for a person at most, whatever contract it was asked by. */
export const LONGEST_DELEGATION_SECONDS = 30 * 86_400;

/** What a service is given when it is asked to act later for the person who asks. */
export interface DelegatedWork {
  /**
   * What it may do then: no more than this, and no more than the person's role allows when it asks and when it acts.
   */
  readonly permissions: readonly Permission[];
  /** Name of the field of the request that holds the run's id; without one the gateway makes an id. */
  readonly run?: string;
  /** For how long, in seconds. */
  readonly seconds: number;
}

/** What a service answers to: a query changes nothing, a command is effective at most once per idempotency key. */
export interface RequestContract<Request extends object = object, Reply extends object = object> {
  readonly kind: 'query' | 'command';
  readonly service: ServiceName;
  /** One subject token, lower-case with dashes. */
  readonly method: string;
  readonly version: number;
  readonly scope: ContractScope;
  readonly request: MessageClass<Request>;
  readonly reply: MessageClass<Reply>;
  /** Who may send it. */
  readonly callers: readonly ServiceName[];
  /** What the acting member's role must allow; required for scope `org` unless only services call. */
  readonly permission?: Permission;
  /** Platform scope only: the acting person must be an operator. */
  readonly operatorOnly?: boolean;
  /**
   * Request or reply hold a secret (a password, a token): what is kept for replay is sealed, and for ten minutes
   * instead of a day.
   */
  readonly holdsSecret?: boolean;
  /** Asking for it has the service act later for the person: the gateway sends a grant with it. Scope `org` only. */
  readonly delegates?: DelegatedWork;
  /**
   * Only services send it, each for a person who granted it that: what it proves itself with is not enough. Scope `org`
   * only.
   */
  readonly underGrant?: boolean;
  /** The handler's one call of the database is idempotent by a key of its own: no second memory around it. */
  readonly remembersItself?: boolean;
}

/**
 * What a service shows while it lasts, and nobody keeps: one request whose answers are many, each of them a `reply`.
 * Whoever may ask for the `state` may watch it, and nobody else.
 */
export interface WatchContract<
  Request extends object = object,
  State extends object = object,
  Frame extends object = object,
> extends Omit<RequestContract<Request, Frame>, 'kind'> {
  readonly kind: 'watch';
  readonly scope: 'org';
  /** Asked when watching begins, and again wherever a frame was missed. */
  readonly state: RequestContract<Request, State>;
  /** Name of the field of the request that tells what is watched from all else of its kind in the organization. */
  readonly channel: string;
}

/** What is asked of a service. */
export type AskedContract = RequestContract | WatchContract;

/** What a service tells others has happened. */
export interface EventContract<Event extends object = object> {
  readonly kind: 'event';
  readonly service: ServiceName;
  /** Two subject tokens, `entity.event`, past tense. */
  readonly method: string;
  readonly version: number;
  readonly scope: ContractScope;
  readonly request: MessageClass<Event>;
  readonly consumers: readonly ServiceName[];
  /**
   * `broadcast` reaches every instance of a consumer that listens now, `queue` one of them. `durable` is written down
   * with the change it tells of and reaches every consumer exactly once in effect, whenever it listens.
   */
  readonly delivery: 'broadcast' | 'queue' | 'durable';
  /**
   * Durable only: what a member's role must allow to see it in the organization's event stream; absent, nobody sees it
   * there.
   */
  readonly permission?: Permission;
  /** Durable only: it tells of the acting person's own space, and nobody else of the organization is shown it. */
  readonly personal?: true;
}

export type Contract = AskedContract | EventContract;

const token = /^[a-z][a-z0-9-]*$/;

/** Declares a query. */
export function query<Request extends object, Reply extends object>(
  contract: Omit<RequestContract<Request, Reply>, 'kind' | 'version'> & { version?: number },
): RequestContract<Request, Reply> {
  return checkedRequest({ kind: 'query', version: 1, ...contract });
}

/** Declares a command. */
export function command<Request extends object, Reply extends object>(
  contract: Omit<RequestContract<Request, Reply>, 'kind' | 'version'> & { version?: number },
): RequestContract<Request, Reply> {
  return checkedRequest({ kind: 'command', version: 1, ...contract });
}

/**
 * Declares that the answer to a query can be watched as it changes: by whoever may ask the query, with its request.
 *
 * @throws Error for what is not a query within an organization, or a channel that is no field of its request
 */
export function watch<Request extends object, State extends object, Frame extends object>({
  state,
  method,
  version = 1,
  channel,
  frame,
}: {
  readonly state: RequestContract<Request, State>;
  readonly method: string;
  readonly version?: number;
  readonly channel: string & keyof Request;
  readonly frame: MessageClass<Frame>;
}): WatchContract<Request, State, Frame> {
  const { service, scope, callers, permission, request } = state;
  if (state.kind !== 'query' || scope !== 'org' || !fieldNames(request).has(channel) || !token.test(method))
    throw new Error(`${service}.${method} cannot be watched so`);
  return Object.freeze({
    kind: 'watch' as const,
    service,
    scope,
    callers,
    ...(permission && { permission }),
    method,
    version,
    channel,
    request,
    reply: frame,
    state,
  });
}

function checkedRequest<Request extends object, Reply extends object>(
  contract: RequestContract<Request, Reply>,
): RequestContract<Request, Reply> {
  if (!token.test(contract.method)) throw new Error(`Not a subject token: ${contract.method}`);
  if (contract.scope === 'org' && contract.callers.includes('gateway') && !contract.permission) {
    throw new Error(`${contract.service}.${contract.method} needs a permission`);
  }
  if (contract.underGrant && (contract.scope !== 'org' || contract.callers.includes('gateway')))
    throw new Error(`${contract.service}.${contract.method} is asked by people themselves, or for nobody`);
  if (contract.delegates && !isDelegable(contract, contract.delegates))
    throw new Error(`${contract.service}.${contract.method} cannot be delegated so`);
  return Object.freeze(contract);
}

function isDelegable(
  { scope, callers, request }: RequestContract,
  { run, seconds, permissions }: DelegatedWork,
): boolean {
  const isBounded = seconds > 0 && seconds <= LONGEST_DELEGATION_SECONDS && permissions.length > 0;
  return isBounded && scope === 'org' && callers.includes('gateway') && (!run || fieldNames(request).has(run));
}

/** Declares an event. */
export function event<Event extends object>(
  contract: Omit<EventContract<Event>, 'kind' | 'version'> & { version?: number },
): EventContract<Event> {
  if (!contract.method.split('.').every((part) => token.test(part)) || contract.method.split('.').length !== 2) {
    throw new Error(`Not entity.event: ${contract.method}`);
  }
  if (contract.delivery === 'durable' && contract.scope !== 'org')
    throw new Error(`A durable event is some organization's: ${contract.method}`);
  return Object.freeze({ kind: 'event' as const, version: 1, ...contract });
}

/** What an event tells of, e.g. `member`; the versions of each one of them are counted without a gap. */
export function entityOf(contract: EventContract): string {
  return contract.method.slice(0, contract.method.indexOf('.'));
}

/** The name of a message type, e.g. `leads.create-lead.v1`; also the handler pattern and `ce-type`. */
export function typeOf(contract: Contract): string {
  return `${contract.service}.${contract.method}.v${contract.version}`;
}

const ROOTS = { query: 'rpc', command: 'rpc', watch: 'live', event: 'evt' } as const;

/** The first token of a contract's subjects. */
export function rootOf({ kind }: Contract): string {
  return ROOTS[kind];
}

/**
 * The NATS subject of a message: `rpc.<org|self|platform>.<service>.<method>.v<n>`, `live.…` or `evt.…`.
 *
 * @throws Error when an org-scoped message has no organization id, or another scope has one
 */
export function subjectOf(contract: Contract, orgId: string | null): string {
  if (contract.scope === 'org' ? orgId === null || !uuidShape.test(orgId) : orgId !== null) {
    throw new Error(
      `${typeOf(contract)} travels ${contract.scope === 'org' ? 'for one organization' : 'without an organization'}`,
    );
  }
  return `${rootOf(contract)}.${orgId ?? contract.scope}.${typeOf(contract)}`;
}
