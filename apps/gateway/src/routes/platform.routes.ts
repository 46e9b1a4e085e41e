import { IssueAccessGrant, ResumeOrg, SuspendOrg } from '@apollo/contracts';
import type { RouteTable } from '../http/route.js';

/** What operators do. */
export const PLATFORM: RouteTable = {
  tag: 'platform',
  routes: [
    { verb: 'post', path: '/v1/platform/access-grants', contract: IssueAccessGrant, summary: 'Grant an address access and mail the link', status: 201 },
    { verb: 'post', path: '/v1/platform/orgs/{slug}/suspend', contract: SuspendOrg, summary: 'Block an organization everywhere' },
    { verb: 'post', path: '/v1/platform/orgs/{slug}/resume', contract: ResumeOrg, summary: 'Lift the block' },
  ],
};
