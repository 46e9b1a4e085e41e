import { type Role, ROLES } from '@apollo/contracts';
import { changeProblem, invitingProblem, leavingProblem } from './member.rules.js';

/** What each role may make of each other, written out: `.` goes ahead, F forbidden, O owner_required, L last_owner. */
const CODES = { '.': null, F: 'forbidden', O: 'owner_required', L: 'last_owner' } as const;
type Code = keyof typeof CODES;
type Row = Record<Role | 'gone', Code>;

const refusedAll: Row = { owner: 'F', admin: 'F', member: 'F', viewer: 'F', gone: 'F' };
const adminOnOwner: Row = { owner: 'O', admin: 'O', member: 'O', viewer: 'O', gone: 'O' };
const adminOnOthers: Row = { owner: 'O', admin: '.', member: '.', viewer: '.', gone: '.' };
const free: Row = { owner: '.', admin: '.', member: '.', viewer: '.', gone: '.' };
const lastOwner: Row = { owner: '.', admin: 'L', member: 'L', viewer: 'L', gone: 'L' };

const table: Record<Role, Record<Role, { withOthers: Row; alone: Row }>> = {
  owner: {
    owner: { withOthers: free, alone: lastOwner },
    admin: { withOthers: free, alone: free },
    member: { withOthers: free, alone: free },
    viewer: { withOthers: free, alone: free },
  },
  admin: {
    owner: { withOthers: adminOnOwner, alone: adminOnOwner },
    admin: { withOthers: adminOnOthers, alone: adminOnOthers },
    member: { withOthers: adminOnOthers, alone: adminOnOthers },
    viewer: { withOthers: adminOnOthers, alone: adminOnOthers },
  },
  member: Object.fromEntries(ROLES.map((role) => [role, { withOthers: refusedAll, alone: refusedAll }])) as Record<
    Role,
    { withOthers: Row; alone: Row }
  >,
  viewer: Object.fromEntries(ROLES.map((role) => [role, { withOthers: refusedAll, alone: refusedAll }])) as Record<
    Role,
    { withOthers: Row; alone: Row }
  >,
};

describe('the rules of membership', () => {
  for (const by of ROLES) {
    for (const from of ROLES) {
      it(`says what ${by} may make of ${from}: any role, or gone, with and without another Owner (H06, H07)`, () => {
        for (const to of [...ROLES, 'gone'] as const) {
          const change = { by, from, to: to === 'gone' ? null : to };
          expect([by, from, to, changeProblem({ ...change, owners: 2 })]).toEqual([
            by,
            from,
            to,
            CODES[table[by][from].withOthers[to]],
          ]);
          expect([by, from, to, changeProblem({ ...change, owners: 1 })]).toEqual([
            by,
            from,
            to,
            CODES[table[by][from].alone[to]],
          ]);
        }
      });
    }
  }

  it('lets everybody leave but the last Owner', () => {
    for (const role of ROLES) {
      expect(leavingProblem(role, 2)).toBeNull();
      expect(leavingProblem(role, 1)).toBe(role === 'owner' ? 'last_owner' : null);
    }
  });

  it('lets Owners invite to every role, Admins to every role but Owner, and nobody else (H06)', () => {
    for (const role of ROLES) {
      expect(invitingProblem('owner', role)).toBeNull();
      expect(invitingProblem('admin', role)).toBe(role === 'owner' ? 'owner_required' : null);
      expect(invitingProblem('member', role)).toBe('forbidden');
      expect(invitingProblem('viewer', role)).toBe('forbidden');
    }
  });
});
