import { Actor, itemsOf, type Scene } from './actor.js';
import { cut } from './narrator.js';

/** One of the companies the consultant works for. */
export interface DemoCompany {
  readonly slug: string;
  readonly name: string;
}

/** An operator lets a consultant in; nobody could have done so alone. */
export async function letConsultantIn(scene: Scene): Promise<Actor> {
  const { narrator, run, running } = scene;
  narrator.step('The operator lets a consultant in');
  const operator = await Actor.signIn(scene, 'The operator', running.operator);
  const email = `nora.${run}@consulting.test`;
  const grant = () =>
    operator.do('POST', '/v1/platform/access-grants', { body: { email } }, () => `granted to ${email}`);
  const consultant = await Actor.byMailLink(scene, 'Nora', email, grant, (token) => ({
    path: '/v1/auth/activate',
    shown: '/v1/auth/activate',
    body: { token },
  }));
  narrator.shows(
    'There is no sign-up: an account begins with a grant, and the mailed link works for its address only.',
  );
  return consultant;
}

/** The consultant makes the two companies she works for; she owns both. */
export async function createCompanies(scene: Scene, consultant: Actor): Promise<[DemoCompany, DemoCompany]> {
  const { narrator, run, country } = scene;
  narrator.step('She creates two organizations');
  const companies: [DemoCompany, DemoCompany] = [
    { slug: `tidewater-${run}`, name: 'Tidewater Training' },
    { slug: `ridgeline-${run}`, name: 'Ridgeline Motors' },
  ];
  for (const { slug, name } of companies) {
    await consultant.do(
      'POST',
      '/v1/orgs',
      { body: { slug, name, country, currency: 'EUR', time_zone: 'Europe/Berlin' } },
      () => `${name} is ${slug}`,
    );
  }
  await consultant.do('GET', '/v1/me', {}, ({ orgs }) =>
    (orgs as { slug: string; role: string }[]).map(({ slug, role }) => `${role} of ${slug}`).join(', '),
  );
  narrator.shows('From here on nobody has to help her: one sign-in, two companies.');
  return companies;
}

/** A colleague as Member and an auditor as Viewer, of the first company only. */
export interface Team {
  readonly colleague: Actor;
  readonly auditor: Actor;
}

/** The consultant invites two people into one company; both accept by the link in their mail. */
export async function inviteTeam(scene: Scene, consultant: Actor, company: DemoCompany): Promise<Team> {
  const { narrator, run } = scene;
  narrator.step(`She invites a colleague as Member and an auditor as Viewer into ${company.name}`);
  const path = `/v1/orgs/${company.slug}/invitations`;
  const join = (name: string, email: string, role: string) => {
    const invite = () => consultant.do('POST', path, { body: { email, role } }, () => `${email} as ${role}`);
    const accept = (token: string) => ({
      path: `/v1/invitations/${encodeURIComponent(token)}/accept`,
      shown: '/v1/invitations/{token}/accept',
    });
    return Actor.byMailLink(scene, name, email, invite, accept);
  };
  const colleague = await join('Theo', `theo.${run}@consulting.test`, 'member');
  const auditor = await join('Ada', `ada.${run}@audit.test`, 'viewer');
  const members = itemsOf(
    await consultant.do('GET', `/v1/orgs/${company.slug}/members`, {}, (body) => `${itemsOf(body).length} members`),
  );
  for (const { email, role } of members) narrator.line(`${cut(String(email), 40).padEnd(40)}  ${String(role)}`);
  narrator.shows('Invitations are bound to their address, work once, and bring the account where there is none.');
  return { colleague, auditor };
}
