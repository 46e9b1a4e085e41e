import { DomainError, type orgsMessages } from '@apollo/contracts';
import type { Bus } from '@apollo/messaging';
import { type TestOrg, twoOrgs } from '@apollo/testing';
import { ImportPermit } from './import.permit.js';

describe('the permit of an import', () => {
  const [a, b] = twoOrgs();
  let standing: orgsMessages.Standing | undefined;
  let asked: unknown[];
  let permit: ImportPermit;

  beforeEach(() => {
    asked = [];
    permit = new ImportPermit({
      request: (_contract: unknown, request: unknown) => {
        asked.push(request);
        return standing ? Promise.resolve(standing) : Promise.reject(new DomainError('service_unavailable'));
      },
    } as unknown as Bus);
  });
  const ask = (org: TestOrg = a, actor = org.owner) => org.as(() => permit.ask(), { actor });

  it('is asked of orgs about the acting person, and believed for a while, of that one alone', async () => {
    standing = { status: 'active', role: 'member' };
    expect([await ask(), await ask()]).toEqual(['granted', 'granted']);
    expect(asked).toEqual([{ user_id: a.owner }]);
    standing = { status: 'active', role: null };
    expect(await ask(a, a.viewer)).toMatchObject({ code: 'forbidden', everybody: false });
    expect(await ask(b, a.owner)).toMatchObject({ code: 'forbidden', everybody: false });
  });

  it.each([
    [{ status: 'suspended', role: 'owner' }, 'org_suspended', true],
    [{ status: 'deleted', role: null }, 'org_not_found', true],
    [{ status: 'active', role: null }, 'forbidden', false],
    [{ status: 'active', role: 'viewer' }, 'forbidden', false],
    [{ status: 'of a version to come', role: 'owner' }, 'org_suspended', true],
  ] as const)('is refused for %j', async (stands, code, everybody) => {
    standing = stands;
    expect(await ask()).toMatchObject({ code, everybody });
  });

  it('once refused is asked anew each time: whoever continues what was stopped may by then', async () => {
    standing = { status: 'suspended', role: 'owner' };
    for (let n = 0; n < 2; n++) expect(await ask()).toMatchObject({ code: 'org_suspended' });
    standing = { status: 'active', role: 'owner' };
    expect(await ask()).toBe('granted');
  });

  it('is unknown while orgs does not answer, and never granted for that', async () => {
    standing = undefined;
    expect(await ask()).toBe('unknown');
    standing = { status: 'active', role: 'owner' };
    expect(await ask()).toBe('granted');
  });
});
