import { atLeast, may, mayNot, type Permission, PERMISSIONS, ROLES } from './permissions.js';

/** The table of the product's rules, written out: role by role, action by action. */
const TABLE: Record<Permission, string> = {
  'org.read': 'owner admin member viewer',
  'org.update': 'owner admin',
  'org.delete': 'owner',
  'org.leave': 'owner admin member viewer',
  'members.read': 'owner admin member viewer',
  'members.manage': 'owner admin',
  'owners.manage': 'owner',
  'invitations.read': 'owner admin',
  'invitations.manage': 'owner admin',
  'audit.read': 'owner admin member viewer',
  'audit.read-all': 'owner admin',
  'leads.read': 'owner admin member viewer',
  'leads.write': 'owner admin member',
  'leads.import': 'owner admin member',
  'leads.export': 'owner admin member',
  'pipelines.read': 'owner admin member viewer',
  'pipelines.configure': 'owner admin',
  'personas.read': 'owner admin member viewer',
  'personas.configure': 'owner admin',
  'agents.use': 'owner admin member',
  'documents.read': 'owner admin member viewer',
  'documents.write': 'owner admin member',
  'balance.read': 'owner admin member',
  'wallet.read': 'owner admin',
  'caps.configure': 'owner admin',
  'billing.purchase': 'owner',
};

describe('who may', () => {
  it('is told in plain words, for every role and permission', () => {
    expect(mayNot('viewer', 'leads.write')).toBe('A Viewer may not create or change leads.');
    expect(mayNot('admin', 'org.delete')).toBe('An Admin may not delete the organization.');
    expect(mayNot('system', 'leads.write')).toBe('The role system may not create or change leads.');
    for (const permission of Object.keys(PERMISSIONS) as Permission[])
      for (const role of ROLES) {
        expect(mayNot(role, permission)).not.toContain(permission);
        expect(mayNot(role, permission)).toMatch(/^An? (?:Owner|Admin|Member|Viewer) may not [a-z ,]+[A-Za-z ,]*\.$/);
      }
  });

  const cases = (Object.keys(PERMISSIONS) as Permission[]).flatMap((permission) =>
    ROLES.map((role) => ({ permission, role, allowed: TABLE[permission].split(' ').includes(role) })),
  );

  it.each(cases)('$role $permission: $allowed', ({ permission, role, allowed }) => {
    expect(may(role, permission)).toBe(allowed);
  });

  it.each(['', 'none', 'system', 'operator', 'OWNER', 'toString', '__proto__'])(
    'lets "%s", which is no role of a member, do nothing',
    (role) => {
      for (const permission of Object.keys(PERMISSIONS) as Permission[]) expect(may(role, permission)).toBe(false);
    },
  );

  it('orders the roles', () => {
    expect(ROLES.map((role) => ROLES.filter((other) => atLeast(role, other)).length)).toEqual([4, 3, 2, 1]);
  });
});
