import { newPassword } from '@apollo/operate';
import type { Running } from './platform/running.file.js';
import { CONSULTANT, DEMO_ORGS } from './seed/demo.world.js';
import { startTable } from './start.table.js';

describe('what a start ends with', () => {
  const orgsOf = (email: string) =>
    DEMO_ORGS.flatMap(({ slug, owner, others }) =>
      [{ person: owner, role: 'owner' }, ...others]
        .filter(({ person }) => person.email === email)
        .map(({ role }) => ({ slug, role })),
    );
  const emails = [CONSULTANT.email, ...DEMO_ORGS.map(({ owner }) => owner.email)];
  const users = emails.map((email) => ({
    email,
    password: newPassword(),
    orgs: orgsOf(email),
    mayCreateOrgs: email !== CONSULTANT.email,
  }));
  const running = {
    gateway: 'http://127.0.0.1:65535',
    mail: 'http://127.0.0.1:65534',
    operator: { email: 'operator@apollo.test', password: newPassword() },
    users,
  } as unknown as Running;
  const table = startTable(running, '.apollo/running.json');

  it('fits a terminal of 80 columns', () => {
    expect(table.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it('shows every login, what it may do in each organization, and where to look', () => {
    for (const { email, password, orgs } of users) {
      expect(table).toContain(email);
      expect(table).toContain(password);
      for (const { slug, role } of orgs) expect(table).toContain(`${role} of ${slug}`);
    }
    expect(users[0]?.orgs.length).toBe(3);
    // Every owner whose address was granted it, and the operator; the consultant was only invited.
    expect(table.match(/may create organizations/g)).toHaveLength(DEMO_ORGS.length + 1);
    for (const place of [`${running.gateway}/docs`, running.mail, '.apollo/running.json'])
      expect(table).toContain(place);
  });
});
