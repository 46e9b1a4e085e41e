import {
  Choice,
  Country,
  Currency,
  Email,
  Flag,
  FlatMap,
  Instant,
  Int,
  Language,
  Nested,
  NestedList,
  Nullable,
  Optional,
  Secret,
  Text,
  TimeZone,
  Uuid,
} from '../message/fields.js';
import { type Role, ROLES } from '../message/permissions.js';
import { Page } from '../message/shared.messages.js';

/** 3 to 40 lower-case letters, digits and single dashes, starting with a letter. */
const slug = {
  min: 3,
  max: 40,
  pattern: /^[a-z](?:-?[a-z0-9])+$/,
  message: '$property must be lower-case letters, digits and single dashes',
};

export class AccessRequest {
  @Text({ max: 100 }) slug!: string;
  @Uuid() user_id!: string;
}

/** What the gateway must know before it lets a request in. */
export class Access {
  @Uuid() org_id!: string;
  @Choice(ROLES) role!: Role;
  @Choice(['active', 'suspended']) status!: 'active' | 'suspended';
  @Flag() mfa_required!: boolean;
  /** Grows with every change of this membership. */
  @Int({ min: 0, max: 2_000_000_000 }) membership_version!: number;
}

const accessMark = { max: 18, pattern: /^[0-9]{1,18}$/, message: '$property must be a mark from an earlier answer' };

export class AccessChangesRequest {
  /** The mark of an earlier answer; without one the answer holds no changes, only a mark. */
  @Optional() @Text(accessMark) mark?: string;
}

/** Ids only: whose access to what. */
export class ChangedAccess {
  @Uuid() org_id!: string;
  /** Null for everybody's. */
  @Nullable() @Uuid() user_id!: string | null;
}

export class AccessChanges {
  /** Every change that is committed by now and not in an answer to an earlier mark is in the answer to this one. */
  @Text(accessMark) mark!: string;
  /** Some may come twice. */
  @NestedList(() => ChangedAccess, { max: 1_000 }) items!: ChangedAccess[];
  /** False when there were more changes than fit. */
  @Flag() complete!: boolean;
}

export class CreateOrgRequest {
  @Text(slug) slug!: string;
  @Text({ max: 200 }) name!: string;
  @Optional() @Text({ max: 2000, lines: true }) description?: string;
  @Optional() @Country() country?: string;
  /** IANA name; UTC when absent. */
  @Optional() @TimeZone() time_zone?: string;
  /** BCP 47 tag; `en` when absent. */
  @Optional() @Language() language?: string;
  /** ISO 4217; USD when absent. */
  @Optional() @Currency() currency?: string;
}

export class Organization {
  @Uuid() id!: string;
  @Text({ max: 40 }) slug!: string;
  @Text({ max: 200 }) name!: string;
  @Nullable() @Text({ max: 2000, lines: true }) description!: string | null;
  @Nullable() @Text({ max: 2 }) country!: string | null;
  @Text({ max: 60 }) time_zone!: string;
  @Text({ max: 35 }) language!: string;
  @Text({ max: 3 }) currency!: string;
  @Flag() mfa_required!: boolean;
  @Choice(['active', 'suspended', 'deleted']) status!: 'active' | 'suspended' | 'deleted';
  @Instant() created_at!: string;
  /** Grows with every change; the ETag. */
  @Int({ min: 1, max: 2_000_000_000 }) version!: number;
}

export class UpdateOrgRequest {
  @Optional() @Text({ max: 200 }) name?: string;
  @Optional() @Nullable() @Text({ max: 2000, lines: true }) description?: string | null;
  @Optional() @Nullable() @Country() country?: string | null;
  @Optional() @TimeZone() time_zone?: string;
  @Optional() @Language() language?: string;
  /**
   * Stays as it is from the first amount of a lead on: amounts are of the organization's currency, and none is
   * converted.
   */
  @Optional() @Currency() currency?: string;
  /** With true, members without a second factor are let in nowhere in this organization. */
  @Optional() @Flag() mfa_required?: boolean;
  /** Version the change is based on, from If-Match. */
  @Optional() @Int({ min: 1, max: 2_000_000_000 }) if_match?: number;
}

export class DeleteOrgRequest {
  /** The slug, typed again. */
  @Text({ max: 100 }) confirm!: string;
  @Optional() @Int({ min: 1, max: 2_000_000_000 }) if_match?: number;
}

export class OrgDeletion {
  @Flag() deleted!: boolean;
  /** When the data is purged. */
  @Instant() purge_after!: string;
}

export class MyOrg {
  @Uuid() id!: string;
  @Text({ max: 40 }) slug!: string;
  @Text({ max: 200 }) name!: string;
  @Choice(ROLES) role!: Role;
  @Choice(['active', 'suspended']) status!: 'active' | 'suspended';
}

export class MyOrgList {
  @NestedList(() => MyOrg, { max: 1000 }) items!: MyOrg[];
}

export class OrgStatusRequest {
  @Text({ max: 100 }) slug!: string;
  @Optional() @Text({ max: 500 }) reason?: string;
}

export class Member {
  @Uuid() user_id!: string;
  @Email() email!: string;
  @Text({ max: 200 }) name!: string;
  @Choice(ROLES) role!: Role;
  @Instant() joined_at!: string;
  @Int({ min: 1, max: 2_000_000_000 }) version!: number;
}

export class MemberList {
  @NestedList(() => Member, { max: 200 }) items!: Member[];
  @Nullable() @Text({ max: 2000 }) next_cursor!: string | null;
}

export class MemberRequest {
  @Uuid() user_id!: string;
}

/** Where somebody stands in an organization now. */
export class Standing {
  @Choice(['active', 'suspended', 'deleted']) status!: 'active' | 'suspended' | 'deleted';
  /** Null for somebody who is no member. */
  @Nullable() @Choice(ROLES) role!: Role | null;
  /** How often they were signed out everywhere. */
  @Optional() @Int({ min: 0, max: 2_000_000_000 }) sign_outs?: number;
  /** Whether the organization lets nobody in without a second factor. */
  @Optional() @Flag() mfa_required?: boolean;
}

export class RemoveMemberRequest {
  @Uuid() user_id!: string;
  @Optional() @Int({ min: 1, max: 2_000_000_000 }) if_match?: number;
}

export class ChangeRoleRequest {
  @Uuid() user_id!: string;
  @Choice(ROLES) role!: Role;
  @Optional() @Int({ min: 1, max: 2_000_000_000 }) if_match?: number;
}

export class CreateInvitationRequest {
  @Email() email!: string;
  @Choice(ROLES) role!: Role;
}

export class Invitation {
  @Uuid() id!: string;
  @Email() email!: string;
  @Choice(ROLES) role!: Role;
  @Choice(['pending', 'accepted', 'expired', 'revoked', 'superseded']) status!:
    'pending' | 'accepted' | 'expired' | 'revoked' | 'superseded';
  /**
   * Whether the mail server took the mail, has not yet, or never will: then resend it, or invite another address.
   * Absent for old ones.
   */
  @Optional() @Choice(['waiting', 'sent', 'failed']) mail?: 'waiting' | 'sent' | 'failed';
  @Uuid() invited_by!: string;
  @Instant() created_at!: string;
  @Instant() expires_at!: string;
}

export class InvitationList {
  @NestedList(() => Invitation, { max: 200 }) items!: Invitation[];
  @Nullable() @Text({ max: 2000 }) next_cursor!: string | null;
}

export class ObjectRequest {
  @Uuid() id!: string;
}

export class InvitationTokenRequest {
  @Secret({ min: 20, max: 200 }) token!: string;
}

/** What somebody who holds the mailed link may see before accepting. */
export class InvitationPreview {
  @Text({ max: 200 }) org_name!: string;
  @Text({ max: 40 }) org_slug!: string;
  @Email() email!: string;
  @Choice(ROLES) role!: Role;
  @Instant() expires_at!: string;
}

export class AcceptAsNewRequest extends InvitationTokenRequest {
  @Text({ max: 200 }) name!: string;
  @Secret({ min: 12, max: 200 }) password!: string;
}

export class Acceptance {
  @Text({ max: 40 }) org_slug!: string;
  @Choice(ROLES) role!: Role;
  @Uuid() user_id!: string;
}

export class AuditLogRequest extends Page {
  /** Which service's entries; `orgs` when absent. */
  @Optional() @Choice(['orgs', 'leads', 'agents', 'billing-stars']) service?:
    'orgs' | 'leads' | 'agents' | 'billing-stars';
  @Optional() @Text({ max: 100 }) action?: string;
  @Optional() @Uuid() actor_id?: string;
  @Optional() @Choice(['done', 'denied']) outcome?: 'done' | 'denied';
}

/** A service that did something later for the actor, by what the actor had granted it. */
export class Via {
  @Text({ max: 60 }) service!: string;
  /** Of the piece of work that it was granted for. */
  @Uuid() run!: string;
  /** The name under which it acted, as it said, e.g. that of a persona. */
  @Optional() @Text({ max: 100 }) as?: string;
}

export class AuditEntry {
  /** Position in the organization's chain of this service, from 1 without gaps. */
  @Int({ min: 1, max: 9_007_199_254_740_991 }) seq!: number;
  @Instant() at!: string;
  /** User id, `system:<service>` or `anonymous`. */
  @Text({ max: 60 }) actor!: string;
  @Text({ max: 100 }) action!: string;
  @Choice(['done', 'denied']) outcome!: 'done' | 'denied';
  @Nullable() @Text({ max: 100 }) subject!: string | null;
  @FlatMap({ keys: 40, length: 2000 }) detail!: Record<string, unknown>;
  /** Who acted for the actor, where somebody did. The hash is over it as a part of `detail`. */
  @Optional() @Nested(() => Via) via?: Via;
  @Text({ max: 64 }) request_id!: string;
  /** SHA-256 over the entry and the hash before it, hex. */
  @Text({ max: 64 }) hash!: string;
}

export class AuditLog {
  @NestedList(() => AuditEntry, { max: 200 }) items!: AuditEntry[];
  @Nullable() @Text({ max: 2000 }) next_cursor!: string | null;
}

export class DenialRequest {
  /** The permission that was missing. */
  @Text({ max: 100 }) action!: string;
  /** Message type of the request. */
  @Text({ max: 100 }) request_type!: string;
  /**
   * So many denials, the newest of them this one, of which the gateway knows no entry: too many came at once, or the
   * log was out of reach.
   */
  @Optional() @Int({ min: 1, max: 1_000_000_000 }) not_recorded?: number;
}

export class AccessChanged {
  /** Whose access changed; null for everybody's. */
  @Nullable() @Uuid() user_id!: string | null;
}

/** What other services need to know of an organization. */
export class OrgFacts {
  @Text({ max: 40 }) slug!: string;
  /** IANA name: days and months of caps and plans are counted there. */
  @Text({ max: 60 }) time_zone!: string;
  @Text({ max: 3 }) currency!: string;
  @Choice(['active', 'suspended']) status!: 'active' | 'suspended';
}

/** How an organization stands by its operators' last decision. */
export class OrgStanding {
  @Choice(['active', 'suspended']) status!: 'active' | 'suspended';
}

/** Of the member the event is about; names and addresses are asked for where they are kept. */
export class MemberFacts {
  @Choice(ROLES) role!: Role;
}

export class OrgEnd {
  @Instant() purge_after!: string;
}
