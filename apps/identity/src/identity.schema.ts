import {
  auditFunctions,
  auditTables,
  idempotencyTables,
  mailTable,
  purgeByTable,
  purgeFunctions,
  purgeTables,
} from '@apollo/service-kit';
import type { ServiceSchema } from '@apollo/tenancy/postgres';
import { accountTables } from './accounts/account.tables.js';
import { grantTables } from './grants/grant.tables.js';
import { passwordTables } from './passwords/password.tables.js';
import { personBounds } from './person.bounds.js';
import { identityPurge } from './purge/purge.plan.js';
import { secondFactorTables } from './second-factor/second.factor.tables.js';
import { securityEventTables } from './security-events/security.event.tables.js';
import { sessionForeignKeys, sessionTables } from './sessions/session.tables.js';
import { signingKeyTables } from './signing-keys/signing.key.tables.js';
import { throttleTables } from './throttle/throttle.tables.js';

const SCHEMA = 'identity';

/**
 * Everything the identity service keeps. A person's rows are keyed by the person; grants, signing keys and throttles
 * belong to the platform; the one directory finds an account by its address. Nothing here belongs to an organization:
 * the kit's tables for those stay empty.
 */
export const identitySchema: ServiceSchema = {
  service: SCHEMA,
  tables: [
    ...accountTables,
    ...passwordTables,
    ...secondFactorTables,
    ...sessionTables,
    ...securityEventTables,
    ...grantTables,
    ...signingKeyTables,
    ...throttleTables,
    ...auditTables(SCHEMA),
    ...idempotencyTables(SCHEMA),
    mailTable(SCHEMA),
    ...purgeTables(SCHEMA),
  ],
  foreignKeys: sessionForeignKeys,
  rules: personBounds,
  functions: [new URL('../functions/', import.meta.url), auditFunctions, purgeFunctions],
  tableFunctions: purgeByTable(identityPurge),
  packageUrl: new URL('../', import.meta.url),
};
