import {
  AcceptInvitation,
  AcceptInvitationAsNew,
  ChangeMemberRole,
  CreateInvitation,
  CreateOrg,
  DeleteOrg,
  GetInvitation,
  GetInvitationById,
  GetMember,
  GetOrg,
  LeaveOrg,
  ListInvitations,
  ListMembers,
  RemoveMember,
  ResendInvitation,
  RevokeInvitation,
  UpdateOrg,
} from '@apollo/contracts';
import type { RouteTable } from '../http/route.js';

const org = '/v1/orgs/{org}';

/** Organizations, their members and invitations; the audit log is in `audit.log.controller.ts`. */
export const ORGS: RouteTable = {
  tag: 'orgs',
  routes: [
    {
      verb: 'post',
      path: '/v1/orgs',
      contract: CreateOrg,
      summary: 'Create an organization; 409 state_conflict where the account has created as many as it may',
      status: 201,
      location: '/v1/orgs/{slug}',
    },
    { verb: 'get', path: org, contract: GetOrg, summary: 'Read the organization' },
    {
      verb: 'patch',
      path: org,
      contract: UpdateOrg,
      summary: 'Change the organization; its currency only while no lead has an amount',
      inject: ['if_match'],
    },
    {
      verb: 'delete',
      path: org,
      contract: DeleteOrg,
      summary: 'Delete the organization, confirmed by its slug',
      inject: ['if_match'],
    },
    { verb: 'get', path: `${org}/members`, contract: ListMembers, summary: 'List members' },
    { verb: 'get', path: `${org}/members/{user_id}`, contract: GetMember, summary: 'Read a member' },
    {
      verb: 'patch',
      path: `${org}/members/{user_id}`,
      contract: ChangeMemberRole,
      summary: 'Change a role',
      inject: ['if_match'],
    },
    {
      verb: 'delete',
      path: `${org}/members/{user_id}`,
      contract: RemoveMember,
      summary: 'Remove a member',
      inject: ['if_match'],
    },
    { verb: 'post', path: `${org}/leave`, contract: LeaveOrg, summary: 'Leave the organization' },
    { verb: 'get', path: `${org}/invitations`, contract: ListInvitations, summary: 'List invitations' },
    {
      verb: 'post',
      path: `${org}/invitations`,
      contract: CreateInvitation,
      summary: 'Invite somebody by mail; an organization sends 200 invitations a day, and 1,000 wait at a time',
      status: 201,
      location: `${org}/invitations/{id}`,
    },
    { verb: 'get', path: `${org}/invitations/{id}`, contract: GetInvitationById, summary: 'Read an invitation' },
    { verb: 'delete', path: `${org}/invitations/{id}`, contract: RevokeInvitation, summary: 'Revoke an invitation' },
    {
      verb: 'post',
      path: `${org}/invitations/{id}/resend`,
      contract: ResendInvitation,
      summary: 'Mail a new link; the old one dies',
    },
  ],
};

/** Invitations as those see them who hold the link. */
export const INVITATIONS: RouteTable = {
  tag: 'invitations',
  routes: [
    {
      verb: 'get',
      path: '/v1/invitations/{token}',
      contract: GetInvitation,
      summary: 'See what an invitation is for',
      guarded: true,
    },
    {
      verb: 'post',
      path: '/v1/invitations/{token}/accept',
      contract: AcceptInvitation,
      withoutBearer: AcceptInvitationAsNew,
      guarded: true,
      summary: 'Accept: with the account that is signed in, or without one by name and password',
    },
  ],
};
