import { ROLES } from '@apollo/contracts';
import { p, tenantTable } from '@apollo/tenancy/postgres';

/** An invitation; `expired` is not stored but follows from a pending one's `expires_at`. */
export const invitations = tenantTable({
  name: 'Invitation',
  schema: 'orgs',
  table: 'invitations',
  properties: {
    email: p.text(),
    role: p.enum(ROLES),
    status: p.enum(['pending', 'accepted', 'revoked', 'superseded'] as const),
    /** What became of its mail; null for those of before it was written down. */
    mail: p.enum(['waiting', 'sent', 'failed'] as const).nullable(),
    invitedBy: p.uuid(),
    acceptedBy: p.uuid().nullable(),
    createdAt: p.datetime(3),
    expiresAt: p.datetime(3),
  },
  // By these is counted how many mails went out lately, and to whom: SQL under the organization's tag makes none of
  // them older.
  fixed: ['createdAt', 'email'],
  // What was sent lately is counted before each.
  indexes: [['createdAt']],
  rawIndexes: [
    {
      name: 'invitations_one_pending',
      expression:
        "create unique index invitations_one_pending on orgs.invitations (org_id, email) where status = 'pending'",
    },
    // What was mailed to an address lately is counted before each mail. The beginning is the whole of each address that
    // the service writes: no row that SQL wrote is too long for the index.
    {
      name: 'invitations_of_address',
      expression: 'create index invitations_of_address on orgs.invitations (org_id, left(email, 254), created_at)',
    },
  ],
});
