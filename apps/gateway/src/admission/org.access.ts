import { DomainError, ListAccessChanges, type orgsMessages, ResolveAccess } from '@apollo/contracts';
import type { Bus } from '@apollo/messaging';
import { newId } from '@apollo/tenancy';
import { AccessFeed } from './access.feed.js';
import { FreshCache } from './fresh.cache.js';
import { askAsPlatform } from './platform.question.js';
import { FRESH_FOR_MS } from './session.gate.js';

const slugShape = /^[a-z](?:-?[a-z0-9]){2,39}$/;

/** Who may enter which organization, and as what. */
export class OrgAccess {
  /** What orgs says changed; whoever made this starts and stops it. */
  readonly feed: AccessFeed;
  private readonly memberships: FreshCache<orgsMessages.Access>;

  constructor(
    private readonly bus: Bus,
    now?: () => number,
  ) {
    this.feed = new AccessFeed(
      (mark) => this.changesSince(mark),
      (change) => {
        if (change) this.forget(change.org_id, change.user_id);
        else this.forgetAll();
      },
      now,
    );
    this.memberships = new FreshCache({
      maxAgeMs: FRESH_FOR_MS,
      maxEntries: 50_000,
      now,
      holdsUntil: (since) => this.feed.holdsUntil(since),
      placeOf: (access) => access.org_id,
    });
  }

  /**
   * The membership of a person in the organization with this slug.
   *
   * @throws DomainError `org_not_found` for a missing organization and for a stranger alike, `service_unavailable`
   *   when nobody can tell
   */
  async resolve(slug: string, userId: string, requestId: string): Promise<orgsMessages.Access> {
    if (!slugShape.test(slug)) throw new DomainError('org_not_found');
    return this.memberships.get(`${userId} ${slug}`, userId, () => this.ask(slug, userId, requestId));
  }

  /**
   * Forgets memberships of an organization, and every answer still on its way: of those nobody knows yet whose they are.
   *
   * @param userId whose; null for everybody's
   */
  forget(ofOrg: string, userId: string | null): void {
    this.memberships.forget({ place: ofOrg, owner: userId ?? undefined });
  }

  forgetAll(): void {
    this.memberships.clear();
  }

  private changesSince(mark: string | undefined): Promise<orgsMessages.AccessChanges> {
    const context = { scope: 'platform', orgId: null, actor: 'anonymous', role: 'none', requestId: newId() } as const;
    return askAsPlatform(this.bus, ListAccessChanges, { mark }, context);
  }

  private async ask(slug: string, userId: string, requestId: string): Promise<orgsMessages.Access> {
    const context = { scope: 'platform', orgId: null, actor: userId, role: 'none', requestId } as const;
    try {
      return await askAsPlatform(this.bus, ResolveAccess, { slug, user_id: userId }, context, ['org_not_found']);
    } catch (error) {
      // The same words for both cases, whatever the service said.
      throw error instanceof DomainError && error.code === 'org_not_found' ? new DomainError('org_not_found') : error;
    }
  }
}
