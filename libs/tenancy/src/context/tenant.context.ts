import { AsyncLocalStorage } from 'node:async_hooks';

/** How far an action reaches: one organization, the acting person without an organization, or the platform itself. */
export type Scope = 'org' | 'self' | 'platform';

/** The four roles of a member, strongest first; `system` is a service acting on its own behalf. */
export type ActingRole = 'owner' | 'admin' | 'member' | 'viewer' | 'operator' | 'system' | 'none';

/** By what a service acts later for the actor of its context. */
export interface Delegation {
  /** The service that acts. */
  readonly service: string;
  /** Id of the piece of work it was given this for. */
  readonly run: string;
  /** The name under which it acts, e.g. that of a persona; as the service says. */
  readonly as?: string;
  /** The signed grant, where this process may show it to other services: the acting service's own alone. */
  readonly grant?: string;
}

/**
 * Who is acting, for which organization, in which request. Frozen: a context is opened, never changed.
 * `orgId` is set exactly when `scope` is `'org'`; `actor` is a user id, `system:<service>` or `'anonymous'`.
 */
export interface TenantContext {
  readonly scope: Scope;
  readonly orgId: string | null;
  readonly actor: string;
  readonly role: ActingRole;
  readonly requestId: string;
  /** Version of the membership the role was read from; grows with every change of it. */
  readonly membershipVersion?: number;
  /** Where somebody acts later for the actor: who, and by what. */
  readonly delegation?: Delegation;
  /** What may be done at most, whatever the role allows; no bound of its own when left out. */
  readonly permissions?: readonly string[];
  /** How often the person had been signed out everywhere when the session began that acts; where the gateway knows. */
  readonly signOuts?: number;
  /** Whether that session was begun with a second factor; where the gateway knows. */
  readonly mfa?: boolean;
  /** The session by which a person acts without an organization; where the gateway says. */
  readonly session?: string;
  /** W3C `traceparent` of the request, when the caller sent one. */
  readonly trace?: string;
}

/** Thrown when code that needs a tenant runs where no context was opened. Never caught to fall back to a default. */
export class NoTenantContextError extends Error {
  constructor() {
    super('No tenant context is open here: this code must run within one of the three entry points.');
    this.name = 'NoTenantContextError';
  }
}

/** Thrown when a context would be opened with a shape that no entry point may produce. */
export class InvalidTenantContextError extends Error {
  constructor(reason: string) {
    super(`Invalid tenant context: ${reason}`);
    this.name = 'InvalidTenantContextError';
  }
}

const storage = new AsyncLocalStorage<TenantContext>();
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const noPerson = /^(?:system:[a-z-]{1,40}|anonymous)$/;

/** True for the lower-case hyphenated text form of a UUID, the only form ids travel in. */
export function isUuid(value: unknown): value is string {
  return typeof value === 'string' && uuid.test(value);
}

function checked(context: TenantContext): TenantContext {
  if ((context.scope === 'org') !== isUuid(context.orgId)) {
    throw new InvalidTenantContextError('an org scope names exactly one organization, any other scope none');
  }
  if (!isUuid(context.actor) && !noPerson.test(context.actor)) {
    throw new InvalidTenantContextError('the actor is a user id, system:<service> or anonymous');
  }
  if (context.scope === 'self' && !isUuid(context.actor)) {
    throw new InvalidTenantContextError('a self scope needs a person');
  }
  return Object.isFrozen(context) ? context : Object.freeze({ ...context });
}

/**
 * Runs `fn` with `context` open, and everything it awaits. The only way to open one: there is no setter and
 * nothing outlives `fn`. Called by the entry points; business code never needs it.
 *
 * @throws InvalidTenantContextError when the context's shape is not one an entry point may produce
 */
export function runInTenantContext<T>(context: TenantContext, fn: () => T): T {
  return storage.getStore() === context ? fn() : storage.run(checked(context), fn);
}

/**
 * The open context.
 *
 * @throws NoTenantContextError where none is open: there is no default tenant
 */
export function currentTenant(): TenantContext {
  const context = storage.getStore();
  if (!context) {
    throw new NoTenantContextError();
  }
  return context;
}
