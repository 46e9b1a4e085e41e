import type { orgsMessages, Role } from '@apollo/contracts';
import { call, statement, TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';
import { closeLink, openLink } from '../directory/directory.repository.js';
import { orgStatus } from '../orgs/org.repository.js';
import { aliveSince, countedSince, type InvitationCount, statusAt, type StoredStatus } from './invitation.rules.js';

/** A row of `orgs.invitations`. */
export interface InvitationRow {
  readonly id: string;
  readonly email: string;
  readonly role: Role;
  readonly status: StoredStatus;
  readonly mail: 'waiting' | 'sent' | 'failed' | null;
  readonly invited_by: string;
  readonly created_at: Date;
  readonly expires_at: Date;
}

/** An invitation with what decides about its link. */
export interface LinkedRow extends InvitationRow {
  readonly inviter_role: Role | null;
  readonly org_name: string;
  readonly org_slug: string;
  readonly org_status: 'active' | 'suspended' | 'deleted';
}

const columns = 'id, email, role, status, mail, invited_by, created_at, expires_at';

const find = statement<InvitationRow, { id: string }>(
  'find invitation by id',
  `select ${columns} from orgs.invitations where org_id = :org and id = :id`,
);
const lock = statement<InvitationRow, { id: string }>(
  'lock invitation',
  `select ${columns} from orgs.invitations where org_id = :org and id = :id for update`,
);
const linked = statement<LinkedRow, { id: string }>(
  'invitation of link',
  `select i.id, i.email, i.role, i.status, i.mail, i.invited_by, i.created_at, i.expires_at, m.role as inviter_role, o.name as org_name, o.slug as org_slug, ${orgStatus} as org_status
   from orgs.invitations i join orgs.organizations o on o.org_id = :org and o.id = :org
   left join orgs.members m on m.org_id = :org and m.id = i.invited_by
   where i.org_id = :org and i.id = :id`,
);
const pendingFor = statement<InvitationRow, { email: string }>(
  'pending invitation of address',
  `select ${columns} from orgs.invitations where org_id = :org and email = :email and status = 'pending'`,
);
const mailsTo = statement<{ mails: number }, { email: string; since: Date }>(
  'invitations mailed to address',
  'select count(*)::int as mails from orgs.invitations where org_id = :org and left(email, 254) = :email and created_at > :since',
);
// What may be accepted was made within the time that a link works.
const count = statement<InvitationCount, { since: Date; now: Date; alive_since: Date }>(
  'invitations of organization',
  `select count(*) filter (where created_at > :since)::int as sent, count(*) filter (where status = 'pending' and expires_at > :now)::int as pending
   from orgs.invitations where org_id = :org and created_at > :alive_since`,
);
const page = statement<InvitationRow, { before: string | null; limit: number }>(
  'invitation page',
  `select ${columns} from orgs.invitations where org_id = :org and (:before::uuid is null or id < :before::uuid) order by id desc limit :limit`,
);
const insert = statement<InvitationRow, { id: string; email: string; role: Role; now: Date; expires_at: Date }>(
  'insert invitation',
  `insert into orgs.invitations (org_id, id, email, role, status, mail, invited_by, created_at, expires_at)
   values (:org, :id, :email, :role, 'pending', 'waiting', :actor, :now, :expires_at) returning ${columns}`,
);
const mailed = statement<object, { id: string; mail: 'sent' | 'failed' }>(
  'what became of the mail of invitation',
  'update orgs.invitations set mail = :mail where org_id = :org and id = :id',
);
const end = statement<object, { id: string; status: StoredStatus; by: string | null }>(
  'end invitation',
  'update orgs.invitations set status = :status, accepted_by = :by where org_id = :org and id = :id',
);

/** The acting organization's invitations and the directory of their links, always written together. */
@Injectable()
export class InvitationRepository {
  constructor(private readonly database: TenantDatabase) {}

  async find(id: string): Promise<InvitationRow | undefined> {
    return (await this.database.query(find, { id }))[0];
  }

  /** The same, held until the open transaction ends. */
  async lock(id: string): Promise<InvitationRow | undefined> {
    return (await this.database.query(lock, { id }))[0];
  }

  async linked(id: string): Promise<LinkedRow | undefined> {
    return (await this.database.query(linked, { id }))[0];
  }

  /** @param email in lower case */
  async pendingFor(email: string): Promise<InvitationRow | undefined> {
    return (await this.database.query(pendingFor, { email }))[0];
  }

  /** How many invitations were mailed to an address. @param email in lower case */
  async mailedTo(email: string, since: Date): Promise<number> {
    return (await this.database.query(mailsTo, { email, since }))[0]?.mails ?? 0;
  }

  /** How many invitations there are at `now`; counted under the lock that whoever sends one holds. */
  async count(now: Date): Promise<InvitationCount> {
    const moments = { since: countedSince(now), now, alive_since: aliveSince(now) };
    return (await this.database.query(count, moments))[0] as InvitationCount;
  }

  /** At most `limit` invitations, newest first. */
  async page(before: string | null, limit: number): Promise<InvitationRow[]> {
    return this.database.query(page, { before, limit });
  }

  /** A pending invitation by the acting person, opened by the link with `hash`. */
  async insert(
    invitation: { id: string; email: string; role: Role; now: Date; expires_at: Date },
    hash: string,
  ): Promise<InvitationRow> {
    const [[row]] = await this.database.batch([
      call(insert, invitation),
      call(openLink, { hash, invitation: invitation.id }),
    ]);
    return row as InvitationRow;
  }

  /** Notes what became of an invitation's mail. */
  async noteMail(id: string, mail: 'sent' | 'failed'): Promise<void> {
    await this.database.query(mailed, { id, mail });
  }

  /** Ends a pending invitation and closes its link. @param acceptedBy the person who joined by it */
  async end(
    id: string,
    status: 'accepted' | 'revoked' | 'superseded',
    acceptedBy: string | null = null,
  ): Promise<void> {
    await this.database.batch([call(end, { id, status, by: acceptedBy }), call(closeLink, { invitation: id })]);
  }
}

/** The row as the contracts tell it at `now`. */
export function invitationOf(row: InvitationRow, now: Date): orgsMessages.Invitation {
  const { id, email, role, mail, invited_by, created_at, expires_at } = row;
  return {
    id,
    email,
    role,
    status: statusAt(row, now),
    ...(mail && { mail }),
    invited_by,
    created_at: created_at.toISOString(),
    expires_at: expires_at.toISOString(),
  };
}
