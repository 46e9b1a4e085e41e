import type { Secrets } from '../secrets/secrets.store.js';
import { type LoginRole, schemaOf } from './service.catalog.js';

/** A database server, and the passwords of the roles in it. */
export interface DatabaseLogins {
  /** The URL of any role at that server and database. */
  readonly adminUrl: string;
  readonly secrets: Pick<Secrets, 'databasePasswords'>;
}

/** The connection URL of one role of a service, at the server and database the administrator's URL names. */
export function roleUrl({ adminUrl, secrets }: DatabaseLogins, service: string, role: LoginRole): string {
  const url = new URL(adminUrl);
  url.username = `${schemaOf(service)}_${role}`;
  url.password = secrets.databasePasswords[service]?.[role] ?? '';
  return url.href;
}
