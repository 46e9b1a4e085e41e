import type { Json } from '../client/http.client.js';
import { type Actor, itemsOf, said, type Scene } from './actor.js';
import { must } from './demo.failure.js';
import { sameRefusal } from './intrusion.js';
import { cut } from './narrator.js';
import type { DemoCompany, Team } from './opening.act.js';

/** Somebody who does not belong to a company asks for it; the answer is the one for a company that never existed. */
export async function strangerAsks(scene: Scene, stranger: Actor, company: DemoCompany, lead: Json): Promise<void> {
  const { narrator } = scene;
  narrator.step(`${stranger.name}, who is not in ${company.name}, asks for it by name`);
  const nowhere = `nowhere-${scene.run}`;
  for (const rest of ['', '/leads', `/leads/${String(lead['id'])}`, '/lead-export', '/members', '/audit-log']) {
    const answer = await stranger.ask('GET', `/v1/orgs/${company.slug}${rest}`);
    const other = await stranger.ask('GET', `/v1/orgs/${nowhere}${rest}`);
    const shown = `GET /v1/orgs/${company.slug}${rest.replace(String(lead['id']), '{id}')}`;
    must(
      answer.status === 404 && sameRefusal(answer, other),
      `${stranger.name} learns something from ${shown}: ${answer.status} ${said(answer)}.`,
    );
    narrator.did(`${stranger.name}: ${cut(shown, 52)}`, `404  ${said(answer)}`);
  }
  narrator.shows('Word for word the answer about an organization that does not exist.');
}

/** A Viewer reads, and is refused everything that writes or carries leads away; gives how often. */
export async function refuseViewer(scene: Scene, viewer: Actor, company: DemoCompany, lead: Json): Promise<number> {
  const { narrator } = scene;
  narrator.step(`${viewer.name} is a Viewer of ${company.name}: reads, and changes nothing`);
  const org = `/v1/orgs/${company.slug}`;
  const byId = `${org}/leads/${String(lead['id'])}`;
  await viewer.do(
    'GET',
    `${org}/leads`,
    { query: { limit: '5' } },
    (body) => `${itemsOf(body).length} leads on the first page`,
  );
  const refused = [
    { what: 'add a lead', method: 'POST', path: `${org}/leads`, body: { contact_name: 'Not allowed' } },
    { what: 'change a lead', method: 'PATCH', path: byId, body: { contact_name: 'Not allowed' } },
    { what: 'delete a lead', method: 'DELETE', path: byId },
    { what: 'export all leads', method: 'GET', path: `${org}/lead-export` },
    {
      what: 'invite somebody',
      method: 'POST',
      path: `${org}/invitations`,
      body: { email: `friend.${scene.run}@audit.test`, role: 'owner' },
    },
  ];
  for (const { what, method, path, body } of refused) {
    const answer = await viewer.ask(method, path, body && { body });
    must(
      answer.status === 403,
      `A Viewer who tries to ${what} must be refused, but is answered ${answer.status} ${said(answer)}.`,
    );
    narrator.did(`${viewer.name} tries to ${what}`, `403  ${said(answer)}`);
  }
  return refused.length;
}

const MOST_ENTRIES_SHOWN = 12;

/** The audit log tells who did what, the refusals included; a Member sees only what is their own. */
export async function readAuditLog(
  scene: Scene,
  owner: Actor,
  company: DemoCompany,
  team: Team,
  refusals: number,
): Promise<void> {
  const { narrator } = scene;
  narrator.step(`The audit log of ${company.name} has all of it`);
  const path = `/v1/orgs/${company.slug}/audit-log`;
  const names = new Map<unknown, string>();
  for (const person of [owner, team.colleague, team.auditor])
    names.set((await person.ask('GET', '/v1/me')).body['id'], person.name);

  const entries = itemsOf(
    await owner.do(
      'GET',
      path,
      { query: { limit: '200' } },
      (body) => `${itemsOf(body).length} entries of the organization`,
    ),
  );
  const leads = itemsOf(
    await owner.do('GET', `${path}?service=leads`, {}, (body) => `${itemsOf(body).length} newest entries about leads`),
  );
  const row = ({ seq, at, actor, action, outcome }: Json) => {
    narrator.line(
      `${String(seq).padStart(4)}  ${String(at).slice(11, 19)}  ${(names.get(actor) ?? String(actor)).padEnd(12)}  ${cut(String(action), 34).padEnd(34)}  ${String(outcome)}`,
    );
  };
  [...entries, ...leads].slice(0, MOST_ENTRIES_SHOWN).forEach(row);

  const denied = entries.filter(({ outcome, actor }) => outcome === 'denied' && names.get(actor) === team.auditor.name);
  must(
    denied.length === refusals,
    `${team.auditor.name} was refused ${refusals} times, but the audit log knows of ${denied.length}.`,
  );
  must(leads.length > 0, 'The audit log knows nothing of the imported leads.');
  const seen = itemsOf(
    await team.colleague.do(
      'GET',
      path,
      {},
      (body) => `${itemsOf(body).length} of them, since a Member sees their own only`,
    ),
  );
  must(
    seen.every(({ actor }) => names.get(actor) === team.colleague.name),
    'A Member sees other people\u2019s entries of the audit log.',
  );
  narrator.shows(`Each of the ${refusals} refusals is in it, and each entry holds the hash of the one before.`);
}
