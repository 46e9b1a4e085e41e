import {
  ChangeMemberRole,
  contractsOf,
  CreateInvitation,
  DeleteOrg,
  GetInvitationById,
  GetMember,
  GetOrg,
  LeaveOrg,
  ListAuditLog,
  ListInvitations,
  ListMembers,
  ListOrgsEvents,
  RecordDenial,
  RemoveMember,
  type RequestContract,
  ResendInvitation,
  RevokeInvitation,
  type Role,
  ROLES,
  typeOf,
  UpdateOrg,
} from '@apollo/contracts';
import { newId } from '@apollo/tenancy';
import type { KnownPerson } from '../spec/identity.peer.spec.js';
import { codeOf, OrgsWorld, type WorldOrg } from '../spec/orgs.world.spec.js';

const nobody = newId();
const everyone = 'owner admin member viewer';
const admins = 'owner admin';

/** Who may send each request, and a payload that changes nothing: the table of the product, written out. */
const TABLE: [RequestContract, object, string][] = [
  [GetOrg, {}, everyone],
  [UpdateOrg, {}, admins],
  [DeleteOrg, { confirm: 'not-the-slug' }, 'owner'],
  [ListMembers, {}, everyone],
  [GetMember, { user_id: nobody }, everyone],
  [ChangeMemberRole, { user_id: nobody, role: 'viewer' }, admins],
  [RemoveMember, { user_id: nobody }, admins],
  [ListInvitations, {}, admins],
  [GetInvitationById, { id: nobody }, admins],
  [CreateInvitation, { email: 'somebody@example.test', role: 'viewer' }, admins],
  [RevokeInvitation, { id: nobody }, admins],
  [ResendInvitation, { id: nobody }, admins],
  [ListAuditLog, {}, everyone],
  [RecordDenial, { action: 'org.update', request_type: 'orgs.update-org.v1' }, everyone],
  [ListOrgsEvents, { limit: 1 }, everyone],
  [LeaveOrg, {}, everyone],
];

describe('role × request', () => {
  let world: OrgsWorld;
  let org: WorldOrg;
  const people = new Map<Role, KnownPerson>();

  beforeAll(async () => {
    world = await OrgsWorld.start();
    org = await world.org('alpha');
    people.set('owner', org.owner);
    for (const role of ['admin', 'member', 'viewer'] as const) people.set(role, await world.member(org, role));
  });
  afterAll(() => world.stop());

  it('covers every request a member can make in an organization', () => {
    const all = contractsOf('orgs')
      .filter(
        (contract) => contract.kind !== 'event' && contract.scope === 'org' && contract.callers.includes('gateway'),
      )
      .map(typeOf);
    expect(TABLE.map(([contract]) => typeOf(contract)).sort()).toEqual(all.sort());
  });

  it.each(TABLE.map(([contract, payload, allowed]) => [typeOf(contract), contract, payload, allowed] as const))(
    '%s: a role that is too low is refused as forbidden, every other is not (H06)',
    async (_type, contract, payload, allowed) => {
      const found = [];
      for (const role of ROLES) {
        const code = await codeOf(world.asRole(org, people.get(role) as KnownPerson, role, contract, payload));
        if (code !== 'forbidden') found.push(role);
      }
      expect(found.join(' ')).toBe(allowed);
    },
  );
});
