import { DomainError, type orgsMessages, type Permission } from '@apollo/contracts';
import { currentTenant, newId, runInTenantContext, type TenantContext } from '@apollo/tenancy';
import { type Grant } from '../envelope/delegation.grant.js';
import type { Bus } from './bus.client.js';
import { OrgStandings, type StandingQuestion } from './standings.js';

const [a, b] = [newId(), newId()];
const [person, other] = [newId(), newId()];
const grant: Grant = {
  service: 'agents',
  orgId: a,
  person,
  run: newId(),
  permissions: ['leads.write'],
  signOuts: 1,
  expires: 0,
};

describe('where somebody stands now', () => {
  let standing: orgsMessages.Standing | undefined;
  let asked: unknown[];
  let now: number;
  let standings: OrgStandings;

  beforeEach(() => {
    [asked, now, standing] = [[], 0, undefined];
    standings = new OrgStandings(
      {
        request: (_contract: unknown, request: unknown) => {
          asked.push([request, currentTenant().orgId, currentTenant().delegation]);
          return standing ? Promise.resolve(standing) : Promise.reject(new DomainError('service_unavailable'));
        },
      } as unknown as Bus,
      () => now,
    );
  });
  const judge = (wanted: StandingQuestion = { permission: 'leads.write' }, orgId = a, who = person) => {
    const delegation = { service: 'leads', run: newId(), grant: 'a grant' };
    const context: TenantContext = { scope: 'org', orgId, actor: who, role: 'system', requestId: 'r', delegation };
    return runInTenantContext(context, () => standings.judge(who, wanted));
  };

  it('is asked of orgs without what is granted, and believed for two seconds, of that one alone', async () => {
    standing = { status: 'active', role: 'member' };
    expect([await judge(), await judge()]).toEqual([{ role: 'member' }, { role: 'member' }]);
    expect(asked).toEqual([[{ user_id: person }, a, undefined]]);
    now = 1_999;
    standing = { status: 'active', role: null };
    expect(await judge()).toEqual({ role: 'member' });
    expect(await judge({}, a, other)).toMatchObject({ code: 'forbidden', reach: 'person' });
    expect(await judge({}, b)).toMatchObject({ code: 'forbidden', reach: 'person' });
    now = 2_000;
    expect(await judge()).toMatchObject({ code: 'forbidden', reach: 'person' });
  });

  it.each([
    ['a suspended organization', { status: 'suspended', role: 'owner' }, 'org_suspended', 'organization'],
    ['a deleted one', { status: 'deleted', role: null }, 'org_not_found', 'organization'],
    ['a status of a version to come', { status: 'resting', role: 'owner' }, 'org_suspended', 'organization'],
    ['somebody who was removed', { status: 'active', role: null }, 'forbidden', 'person'],
    ['somebody who was demoted', { status: 'active', role: 'viewer' }, 'forbidden', 'person'],
  ])('refuses %s', async (_name, stands, code, reach) => {
    standing = stands as orgsMessages.Standing;
    for (const wanted of [{ permission: 'leads.write', grant } as const, { permission: 'leads.write' } as const])
      expect(await judge(wanted)).toMatchObject({ code, reach });
  });

  it.each([
    ['a suspended organization', { status: 'suspended', role: 'owner' }, 'org_suspended'],
    ['a deleted one', { status: 'deleted', role: 'owner' }, 'org_not_found'],
    ['somebody who was removed', { status: 'active', role: null }, 'org_not_found'],
    ['somebody who was demoted', { status: 'active', role: 'viewer' }, 'forbidden'],
    ['a session that was ended', { status: 'active', role: 'owner', sign_outs: 2 }, 'unauthenticated'],
    [
      'one without a second factor where one is needed now',
      { status: 'active', role: 'owner', sign_outs: 1, mfa_required: true },
      'mfa_enrollment_required',
    ],
  ])('refuses what somebody asks for themselves as the guard does: %s', async (_name, stands, code) => {
    standing = stands as orgsMessages.Standing;
    const session = { signOuts: 1, mfa: false };
    expect(await judge({ permission: 'leads.write', session })).toMatchObject({ code });
    standing = { status: 'active', role: 'member', sign_outs: 1, mfa_required: false };
    expect(await judge({ permission: 'leads.write', session })).toEqual({ role: 'member' });
  });

  it('refuses what the role allows and the grant does not name', async () => {
    standing = { status: 'active', role: 'owner', sign_outs: 1 };
    expect(await judge({ permission: 'leads.write', grant })).toEqual({ role: 'owner' });
    for (const permission of ['leads.import', 'owners.manage'] satisfies Permission[])
      expect(await judge({ permission, grant })).toMatchObject({ code: 'forbidden', reach: 'run' });
  });

  it('refuses what was granted before somebody was signed out everywhere, and not what was granted after it', async () => {
    standing = { status: 'active', role: 'owner', sign_outs: 2 };
    expect(await judge({ grant })).toMatchObject({ code: 'forbidden', reach: 'run' });
    expect(await judge({ grant: { ...grant, signOuts: 2 } })).toEqual({ role: 'owner' });
  });

  it('refuses what was granted without a second factor where the organization asks for one now', async () => {
    standing = { status: 'active', role: 'owner', sign_outs: 1, mfa_required: true };
    expect(await judge({ grant: { ...grant, mfa: false } })).toMatchObject({
      code: 'mfa_enrollment_required',
      reach: 'run',
    });
    expect(await judge({ grant: { ...grant, mfa: true } })).toEqual({ role: 'owner' });
    standing = { ...standing, mfa_required: false };
    now = 2_000;
    expect(await judge({ grant: { ...grant, mfa: false } })).toEqual({ role: 'owner' });
  });

  it('once refused is asked anew each time: whoever lost a right may have it again', async () => {
    standing = { status: 'suspended', role: 'owner' };
    for (let n = 0; n < 2; n++) expect(await judge()).toMatchObject({ code: 'org_suspended' });
    standing = { status: 'active', role: 'owner' };
    expect(await judge()).toEqual({ role: 'owner' });
    expect(asked).toHaveLength(3);
  });

  it('is believed for five seconds while orgs does not answer, and nothing is granted for its silence', async () => {
    expect(await judge()).toBe('unknown');
    standing = { status: 'active', role: 'owner' };
    await judge();
    standing = undefined;
    now = 4_999;
    expect(await judge()).toEqual({ role: 'owner' });
    now = 5_000;
    expect(await judge()).toBe('unknown');
  });
});
