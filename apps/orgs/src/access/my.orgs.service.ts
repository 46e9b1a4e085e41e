import type { orgsMessages } from '@apollo/contracts';
import { currentTenant } from '@apollo/tenancy';
import { DatabaseBusyError, TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';
import { DirectoryRepository, type MyMembership } from '../directory/directory.repository.js';
import { OrgRepository, type OrgRow } from '../orgs/org.repository.js';
import { askDirectory, enterOrg } from './org.context.js';

/** Organizations that a person is told of, see `MyOrgList`, and those that are read in one transaction. */
const TOLD_AT_MOST = 1_000;
const TOLD_TOGETHER = 20;

/** Which organizations a person belongs to. */
@Injectable()
export class MyOrgsService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly directory: DirectoryRepository,
    private readonly orgs: OrgRepository,
  ) {}

  /**
   * The acting person's organizations by slug, the first thousand of them. Each name is read under its own
   * organization's tag; a few of them together, for the connection counts for each until it is given back.
   */
  async list(): Promise<orgsMessages.MyOrgList> {
    const items: orgsMessages.MyOrg[] = [];
    for (let at = 0, total = 1; at < Math.min(total, TOLD_AT_MOST); at += TOLD_TOGETHER)
      await this.database.transaction(async () => {
        // Asked first, so that the connection is the person's: none of the organizations can keep them waiting for one.
        const memberships = await this.directory.mine();
        total = memberships.length;
        items.push(...(await this.described(memberships.slice(at, Math.min(at + TOLD_TOGETHER, TOLD_AT_MOST)))));
      });
    return { items };
  }

  private async described(memberships: readonly MyMembership[]): Promise<orgsMessages.MyOrg[]> {
    const { actor } = currentTenant();
    const items: orgsMessages.MyOrg[] = [];
    for (const membership of memberships) {
      const org = await enterOrg(membership, actor, () => this.orgs.nameAndStatus()).catch((error: unknown) =>
        this.withoutName(membership, error),
      );
      const { org_id: id, slug, role } = membership;
      if (org && org.status !== 'deleted') items.push({ id, slug, name: org.name, role, status: org.status });
    }
    return items;
  }

  /** One that keeps its connections busy is told of by its slug: its people keep sight of their others. */
  private async withoutName({ slug }: MyMembership, error: unknown): Promise<Pick<OrgRow, 'name' | 'status'>> {
    if (!(error instanceof DatabaseBusyError)) throw error;
    const place = await askDirectory(() => this.directory.orgOf(slug));
    return { name: slug, status: place?.status ?? 'deleted' };
  }
}
