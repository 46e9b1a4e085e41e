import { outboxFunctions, outboxTables } from '@apollo/messaging';
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
import {
  accessChanges,
  creations,
  invitationLinks,
  memberships,
  slugs,
  standings,
} from './directory/directory.tables.js';
import { invitations } from './invitations/invitation.tables.js';
import { members } from './members/member.tables.js';
import { organizations, orgRules } from './orgs/org.tables.js';
import { orgsPurge } from './purge/purge.plan.js';
import { purges } from './purge/purge.tables.js';

/** Everything the orgs service keeps. */
export const orgsSchema: ServiceSchema = {
  service: 'orgs',
  tables: [
    organizations,
    members,
    invitations,
    slugs,
    creations,
    standings,
    memberships,
    accessChanges,
    invitationLinks,
    purges,
    ...auditTables('orgs'),
    ...idempotencyTables('orgs'),
    mailTable('orgs'),
    ...outboxTables('orgs'),
    ...purgeTables('orgs'),
  ],
  rules: orgRules,
  functions: [new URL('../functions/', import.meta.url), auditFunctions, outboxFunctions, purgeFunctions],
  tableFunctions: purgeByTable(orgsPurge),
  packageUrl: new URL('../', import.meta.url),
};
