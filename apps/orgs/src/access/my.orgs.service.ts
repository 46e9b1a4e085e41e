import type { orgsMessages } from '@apollo/contracts';
import { currentTenant } from '@apollo/tenancy';
import { TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';
import { DirectoryRepository, type MyMembership } from '../directory/directory.repository.js';
import { OrgRepository } from '../orgs/org.repository.js';
import { enterOrg } from './org.context.js';

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
    const memberships = (await this.directory.mine()).slice(0, TOLD_AT_MOST);
    for (let at = 0; at < memberships.length; at += TOLD_TOGETHER)
      items.push(...(await this.database.transaction(() => this.described(memberships.slice(at, at + TOLD_TOGETHER)))));
    return { items };
  }

  private async described(memberships: readonly MyMembership[]): Promise<orgsMessages.MyOrg[]> {
    const { actor } = currentTenant();
    const items: orgsMessages.MyOrg[] = [];
    for (const membership of memberships) {
      const org = await enterOrg(membership, actor, () => this.orgs.nameAndStatus());
      const { org_id: id, slug, role } = membership;
      if (org && org.status !== 'deleted') items.push({ id, slug, name: org.name, role, status: org.status });
    }
    return items;
  }
}
