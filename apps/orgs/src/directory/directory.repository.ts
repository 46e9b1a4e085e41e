import type { Role } from '@apollo/contracts';
import { currentTenant } from '@apollo/tenancy';
import { call, functionCall, TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';

/** An organization as its slug's directory knows it. */
export interface Place {
  readonly org_id: string;
  readonly status: 'active' | 'suspended' | 'deleted';
  readonly mfa_required: boolean;
}

/** A membership as the directory knows it. */
export interface Membership {
  readonly role: Role;
  readonly version: number;
}

/** A change of access; ids are null in the one row of an answer without changes. */
export interface AccessChange {
  readonly next_mark: string;
  readonly org_id: string | null;
  readonly user_id: string | null;
}

/** One of the acting person's memberships. */
export interface MyMembership {
  readonly org_id: string;
  readonly slug: string;
  readonly role: Role;
}

/** What an operator decided about an organization, and its audit log does not say yet. */
export interface Decision {
  readonly org_id: string;
  readonly decision: number;
  readonly status: 'active' | 'suspended';
  readonly decided_by: string;
  readonly request_id: string;
}

/** The invitation a link opens. */
export interface LinkedInvitation {
  readonly org_id: string;
  readonly invitation_id: string;
  /** Whether it was mailed before the proofs of links named an organization. */
  readonly of_before: boolean;
}

const findOrg = functionCall<Place, { slug: string }>('find org', 'select * from orgs.find_org(:slug)');
const findMembership = functionCall<Membership, { slug: string; person: string }>(
  'find seat',
  'select * from orgs.find_seat(:slug, :person)',
);
const changesSince = functionCall<AccessChange, { mark: string | null }>(
  'access changes',
  'select * from orgs.access_changes(:mark)',
);
const myMemberships = functionCall<MyMembership>('my seats', 'select * from orgs.my_seats()');
const findInvitation = functionCall<LinkedInvitation, { hash: string }>(
  'find link',
  'select * from orgs.find_link(:hash)',
);

interface NewDecision {
  readonly of: string;
  readonly status: 'active' | 'suspended';
  readonly reason: string | null;
  readonly by: string;
  readonly request_id: string;
  readonly trace: string | null;
}
const decideStanding = functionCall<{ decide_standing: boolean }, NewDecision>(
  'decide standing',
  'select * from orgs.decide_standing(:of, :status, :reason, :by, :request_id, :trace)',
);
const standingsToLog = functionCall<Decision>('standings to log', 'select * from orgs.standings_to_log()');
const markLogged = functionCall<{ marked: boolean }, { of: string; decision: number }>(
  'mark standing logged',
  'select * from orgs.mark_logged(:of, :decision)',
);

const takePlace = functionCall<{ taken: boolean }, { most: number }>(
  'take place',
  'select * from orgs.take_place(:most)',
);

/** Sent inside the transaction that changed the organization's own invitation. */
export const openLink = functionCall<object, { hash: string; invitation: string }>(
  'open link',
  'select * from orgs.open_link(:hash, :invitation)',
);
export const closeLink = functionCall<object, { invitation: string }>(
  'close link',
  'select * from orgs.close_link(:invitation)',
);
/** What can be found before an organization is known. */
@Injectable()
export class DirectoryRepository {
  constructor(private readonly database: TenantDatabase) {}

  /** Slug and person at once, in one round trip that does the same work whether either exists. Scope `platform`. */
  async access(slug: string, person: string): Promise<{ place?: Place; membership?: Membership }> {
    const [[place], [membership]] = await this.database.batch([
      call(findOrg, { slug }),
      call(findMembership, { slug, person }),
    ]);
    return { place, membership };
  }

  /** The organization of a slug, deleted ones included. Scope `platform`. */
  async orgOf(slug: string): Promise<Place | undefined> {
    return (await this.database.query(findOrg, { slug }))[0];
  }

  /** What an operator decides, and the event that tells of it. False where it stands so already. Scope `platform`. */
  async decideStanding(place: Place, status: 'active' | 'suspended', reason: string | null): Promise<boolean> {
    const { actor, requestId, trace } = currentTenant();
    const [row] = await this.database.query(decideStanding, {
      of: place.org_id,
      status,
      reason,
      by: actor,
      request_id: requestId,
      trace: trace ?? null,
    });
    return row?.decide_standing === true;
  }

  /**
   * Of each organization the first decision that its audit log does not say yet, a hundred at most. Scope `platform`.
   */
  async standingsToLog(): Promise<Decision[]> {
    return this.database.query(standingsToLog, {});
  }

  /** False where somebody else has logged it; who comes second waits for who is at it. Scope `platform`. */
  async markLogged(decided: Decision): Promise<boolean> {
    return (await this.database.query(markLogged, { of: decided.org_id, decision: decided.decision })).length > 0;
  }

  /**
   * Takes one of so many places of the acting person for the organization that is about to be, until its data is
   * purged. False where none is free. Scope `org`, of the new one.
   */
  async takePlace(most: number): Promise<boolean> {
    return (await this.database.query(takePlace, { most })).length > 0;
  }

  /** Changes of access since a mark, and the next mark; at most one more than 1,000. Scope `platform`. */
  async changesSince(mark: string | null): Promise<AccessChange[]> {
    return this.database.query(changesSince, { mark });
  }

  /** The acting person's memberships of organizations that are not deleted. Scope `self`. */
  async mine(): Promise<MyMembership[]> {
    return this.database.query(myMemberships, {});
  }

  /** The invitation of a link's hash, while the link is open. Scope `platform`. */
  async invitationOf(hash: string): Promise<LinkedInvitation | undefined> {
    return (await this.database.query(findInvitation, { hash }))[0];
  }
}
