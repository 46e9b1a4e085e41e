import type { ServiceName } from '@apollo/contracts';
import { durableEventsOf } from '@apollo/messaging';

/** A process of the platform and what it needs from its surroundings. */
export interface ServiceNeeds {
  readonly name: ServiceName;
  readonly database: boolean;
  /** Sends mail, with links to the platform in it. */
  readonly mail: boolean;
  /** Keeps secrets of its users sealed under a key of its own. */
  readonly sealing: boolean;
  /** Answers HTTP requests of clients. */
  readonly http: boolean;
}

/** In the order they start; they stop in the opposite one. */
export const SERVICES: readonly ServiceNeeds[] = [
  { name: 'identity', database: true, mail: true, sealing: true, http: false },
  { name: 'orgs', database: true, mail: true, sealing: false, http: false },
  { name: 'leads', database: true, mail: false, sealing: false, http: false },
  { name: 'agents', database: true, mail: false, sealing: false, http: false },
  { name: 'billing-stars', database: true, mail: false, sealing: false, http: false },
  { name: 'gateway', database: false, mail: false, sealing: false, http: true },
];

/** The services that own a schema. */
export const DATABASE_SERVICES = SERVICES.filter((service) => service.database);

/** The schema of a service, and what the names of its roles begin with: a schema's name takes no dash. */
export function schemaOf(service: string): string {
  return service.replaceAll('-', '_');
}

/** Whether a service has an outbox, and so a relay that publishes it. */
export function tells({ name }: Pick<ServiceNeeds, 'name'>): boolean {
  return durableEventsOf(name).length > 0;
}

/** The roles of a service that log in; its owner cannot. */
const LOGIN_ROLES = ['migrate', 'app', 'relay'] as const;

/** A role of a service that logs in; `checker` where it has vault tables. */
export type LoginRole = (typeof LOGIN_ROLES)[number] | 'checker';

/** A value for each role of a service. */
export type ByRole = Readonly<Record<(typeof LOGIN_ROLES)[number], string> & { checker?: string }>;

/** Makes a value for each role of a service that logs in. */
export function byRole(service: string, make: (role: LoginRole) => string): ByRole {
  const roles: LoginRole[] = [...LOGIN_ROLES, ...(service === 'billing-stars' ? ['checker' as const] : [])];
  return Object.fromEntries(roles.map((role) => [role, make(role)])) as ByRole;
}
