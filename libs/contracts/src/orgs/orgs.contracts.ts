import { command, event, query } from '../message/contract.js';
import { entityEvents, eventHeads, orgEvents } from '../message/history.contracts.js';
import type { Permission } from '../message/permissions.js';
import { Done, Empty, Page } from '../message/shared.messages.js';
import * as m from './orgs.messages.js';

const ofGateway = { service: 'orgs', scope: 'platform', callers: ['gateway'] } as const;
const ofMine = { service: 'orgs', scope: 'self', callers: ['gateway'] } as const;
const within = (permission: Permission) =>
  ({ service: 'orgs', scope: 'org', callers: ['gateway'], permission }) as const;

/** Slug and person → organization, role, status. `org_not_found` for a missing org and for a stranger alike. */
export const ResolveAccess = query({
  ...ofGateway,
  method: 'resolve-access',
  request: m.AccessRequest,
  reply: m.Access,
});
/**
 * What changed in anybody's access since an earlier answer, so that what a gateway remembers may be believed for
 * longer.
 */
export const ListAccessChanges = query({
  ...ofGateway,
  method: 'list-access-changes',
  request: m.AccessChangesRequest,
  reply: m.AccessChanges,
});
export const GetInvitation = query({
  ...ofGateway,
  method: 'get-invitation',
  request: m.InvitationTokenRequest,
  reply: m.InvitationPreview,
});
/** Accepts an invitation and creates the account it is bound to. */
export const AcceptInvitationAsNew = command({
  ...ofGateway,
  method: 'accept-invitation-as-new',
  request: m.AcceptAsNewRequest,
  reply: m.Acceptance,
  holdsSecret: true,
});
/** Blocks an organization everywhere; operators only. */
export const SuspendOrg = command({
  ...ofGateway,
  method: 'suspend-org',
  request: m.OrgStatusRequest,
  reply: Done,
  operatorOnly: true,
});
export const ResumeOrg = command({
  ...ofGateway,
  method: 'resume-org',
  request: m.OrgStatusRequest,
  reply: Done,
  operatorOnly: true,
});

export const CreateOrg = command({
  ...ofMine,
  method: 'create-org',
  request: m.CreateOrgRequest,
  reply: m.Organization,
});
export const ListMyOrgs = query({ ...ofMine, method: 'list-my-orgs', request: Empty, reply: m.MyOrgList });
/** Accepts an invitation with the account that is signed in; the address must be the invited one. */
export const AcceptInvitation = command({
  ...ofMine,
  method: 'accept-invitation',
  request: m.InvitationTokenRequest,
  reply: m.Acceptance,
});

export const GetOrg = query({ ...within('org.read'), method: 'get-org', request: Empty, reply: m.Organization });
export const UpdateOrg = command({
  ...within('org.update'),
  method: 'update-org',
  request: m.UpdateOrgRequest,
  reply: m.Organization,
});
export const DeleteOrg = command({
  ...within('org.delete'),
  method: 'delete-org',
  request: m.DeleteOrgRequest,
  reply: m.OrgDeletion,
});
export const LeaveOrg = command({ ...within('org.leave'), method: 'leave-org', request: Empty, reply: Done });
export const ListMembers = query({
  ...within('members.read'),
  // Agents' runs name owners of leads, for the person for whom they act.
  callers: ['gateway', 'agents'],
  method: 'list-members',
  request: Page,
  reply: m.MemberList,
});
export const GetMember = query({
  ...within('members.read'),
  method: 'get-member',
  request: m.MemberRequest,
  reply: m.Member,
});
/**
 * Asked by services that do something for somebody after the request for it, or let others do it, whether it may go on.
 */
export const GetStanding = query({
  service: 'orgs',
  scope: 'org',
  callers: ['leads', 'agents', 'billing-stars'],
  method: 'get-standing',
  request: m.MemberRequest,
  reply: m.Standing,
});
/** Owners are changed by Owners only, whatever `members.manage` says; see the permission table. */
export const ChangeMemberRole = command({
  ...within('members.manage'),
  method: 'change-member-role',
  request: m.ChangeRoleRequest,
  reply: m.Member,
});
export const RemoveMember = command({
  ...within('members.manage'),
  method: 'remove-member',
  request: m.RemoveMemberRequest,
  reply: Done,
});
export const ListInvitations = query({
  ...within('invitations.read'),
  method: 'list-invitations',
  request: Page,
  reply: m.InvitationList,
});
export const GetInvitationById = query({
  ...within('invitations.read'),
  method: 'get-invitation-by-id',
  request: m.ObjectRequest,
  reply: m.Invitation,
});
export const CreateInvitation = command({
  ...within('invitations.manage'),
  method: 'create-invitation',
  request: m.CreateInvitationRequest,
  reply: m.Invitation,
});
export const RevokeInvitation = command({
  ...within('invitations.manage'),
  method: 'revoke-invitation',
  request: m.ObjectRequest,
  reply: Done,
});
/** Supersedes the old link and mails a new one. */
export const ResendInvitation = command({
  ...within('invitations.manage'),
  method: 'resend-invitation',
  request: m.ObjectRequest,
  reply: m.Invitation,
});
/** Everybody's entries for Owners and Admins, one's own for others. */
export const ListAuditLog = query({
  ...within('audit.read'),
  method: 'list-audit-log',
  request: m.AuditLogRequest,
  reply: m.AuditLog,
});
/** The gateway refused a member; the refusal belongs in the log. */
export const RecordDenial = command({
  ...within('org.read'),
  method: 'record-denial',
  request: m.DenialRequest,
  reply: Done,
});

/** Some membership, role or status of the organization changed: what is cached about it is stale. */
export const AccessChangedEvent = event({
  service: 'orgs',
  scope: 'org',
  method: 'access.changed',
  request: m.AccessChanged,
  consumers: ['gateway'],
  delivery: 'broadcast',
});

const told = { service: 'orgs', scope: 'org', delivery: 'durable' } as const;
/** Billing-stars opens and closes its wallet, agents opens its Chief of Staff. */
const toldOfOrg = { ...told, consumers: ['billing-stars', 'agents'], permission: 'org.read' } as const;
/** Leads knows from them who may own a lead. */
const toldOfMembers = { ...told, consumers: ['leads'], permission: 'members.read' } as const;

export const OrgCreatedEvent = event({ ...toldOfOrg, method: 'org.created', request: m.OrgFacts });
/**
 * Settings changed. How operators have it stand is told by `OrgStandingEvent`: `status` here is what it was meanwhile.
 */
export const OrgChangedEvent = event({ ...toldOfOrg, method: 'org.changed', request: m.OrgFacts });
/**
 * Operators suspended the organization, or resumed it. Of an entity of its own: no open change of the organization is
 * waited for.
 */
export const OrgStandingEvent = event({
  ...told,
  consumers: ['billing-stars'],
  permission: 'org.read',
  method: 'standing.decided',
  request: m.OrgStanding,
});
/** Closed for good; nothing of it may be used any more, and all of it goes when `purge_after` has passed. */
export const OrgDeletedEvent = event({ ...toldOfOrg, method: 'org.deleted', request: m.OrgEnd });
export const MemberJoinedEvent = event({ ...toldOfMembers, method: 'member.joined', request: m.MemberFacts });
export const MemberChangedEvent = event({ ...toldOfMembers, method: 'member.changed', request: m.MemberFacts });
/** Left, or was removed. */
export const MemberGoneEvent = event({ ...toldOfMembers, method: 'member.gone', request: Empty });

const listeners = [...toldOfOrg.consumers, ...toldOfMembers.consumers];
export const ListOrgEventHeads = eventHeads('orgs', listeners);
export const ListOrgEntityEvents = entityEvents('orgs', listeners);
export const ListOrgsEvents = orgEvents('orgs');
