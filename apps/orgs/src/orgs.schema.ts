import { outboxFunctions, outboxTables } from '@apollo/messaging';
import { auditFunction, auditTables, idempotencyTables, mailTable } from '@apollo/service-kit';
import type { ServiceSchema } from '@apollo/tenancy/postgres';
import { directoryFunctions } from './directory/directory.functions.js';
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
import { ORG_FACTS, organizations, orgRules, standingFunctions } from './orgs/org.tables.js';

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
    ...auditTables('orgs'),
    ...idempotencyTables('orgs'),
    mailTable('orgs'),
    ...outboxTables('orgs'),
  ],
  functions: [
    ...orgRules,
    ...standingFunctions,
    auditFunction('orgs'),
    ...outboxFunctions('orgs', 'orgs', ORG_FACTS),
    ...directoryFunctions,
  ],
  packageUrl: new URL('../', import.meta.url),
};
