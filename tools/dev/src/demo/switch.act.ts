import type { Answer, Json } from '../client/http.client.js';
import { type Actor, itemsOf, said, type Scene } from './actor.js';
import { must } from './demo.failure.js';
import { type Attempt, flawOf, madeUpId, sameRefusal, secretsOf } from './intrusion.js';
import type { DemoCompany } from './opening.act.js';

/** What an outsider who knew everything about another organization's lead would know. */
export interface Target {
  readonly lead: Json;
  readonly importId: string;
  /** A note about the lead; nobody outside may ever read it. */
  readonly note: string;
  /** Continues the list of the other organization, when it has a second page. */
  readonly cursor: string | null;
}

/** Switches to the other company and works there; gives the one lead it has. */
export async function switchCompany(scene: Scene, who: Actor, company: DemoCompany): Promise<Json> {
  const { narrator } = scene;
  narrator.step(`She switches to ${company.name}`);
  const path = `/v1/orgs/${company.slug}/leads`;
  await who.do('GET', path, {}, (body) => `${itemsOf(body).length} leads: none has come along`);
  const own = { contact_name: 'Rosa Delgado', company: 'Marisma Rentals', email: 'rosa@marisma.test' };
  return await who.do('POST', path, { body: own }, (body) => `${String(body['contact_name'])}, its first`);
}

/**
 * As an owner of one company, tries every way to the lead of another; each attempt is told with its answer.
 *
 * @returns what was visible or different from what it must be: one line each
 */
export async function tryToReach(
  scene: Scene,
  who: Actor,
  company: DemoCompany,
  own: Json,
  target: Target,
): Promise<{ attempts: number; flaws: string[] }> {
  const { narrator } = scene;
  narrator.step(`From ${company.name} she tries every way to the other company's lead, knowing all its ids`);
  const id = String(target.lead['id']);
  const secrets = secretsOf(target.lead, target.importId, target.note);
  const flaws: string[] = [];
  const attempts = attemptsOn(company, own, target);
  for (const attempt of attempts) {
    const answer = await who.ask(attempt.method, attempt.path, attempt.options);
    const flaw =
      flawOf(attempt, answer, secrets) ??
      (attempt.status === 404 ? await differenceToNobody(who, attempt, answer, [id, target.importId]) : undefined);
    narrator.did(
      `to ${attempt.what}`,
      `${answer.status}  ${flaw === undefined ? told(answer, attempt) : `\u2717 ${flaw}`}`,
    );
    if (flaw !== undefined) flaws.push(`The attempt to ${attempt.what} ${flaw}.`);
  }
  if (flaws.length === 0)
    narrator.shows('Not one row, and no word that tells "of somebody else" from "never existed".');
  return { attempts: attempts.length, flaws };
}

/** Every way to a lead that the API has. */
function attemptsOn({ slug }: DemoCompany, own: Json, { lead, importId, cursor }: Target): Attempt[] {
  const org = `/v1/orgs/${slug}`;
  const id = String(lead['id']);
  const ownId = String(own['id']);
  const words = [lead['email'], lead['company'], lead['contact_name']].find(
    (text) => typeof text === 'string' && text.length >= 2,
  ) as string;
  const byId = `${org}/leads/${id}`;
  return [
    {
      what: 'list it',
      method: 'GET',
      path: `${org}/leads`,
      options: { query: { limit: '200' } },
      status: 200,
      own: ownId,
    },
    {
      what: 'search for it by its own words',
      method: 'GET',
      path: `${org}/leads`,
      options: { query: { search: words.slice(0, 100) } },
      status: 200,
    },
    {
      what: 'list the pipeline it is in',
      method: 'GET',
      path: `${org}/leads`,
      options: { query: { pipeline_id: String(lead['pipeline_id']) } },
      status: 200,
    },
    ...(cursor === null
      ? []
      : [
          {
            what: 'go on with the other list',
            method: 'GET',
            path: `${org}/leads`,
            options: { query: { limit: '1', cursor } },
            status: 400,
          },
        ]),
    { what: 'export it', method: 'GET', path: `${org}/lead-export`, status: 200, own: ownId },
    { what: 'read it by its id', method: 'GET', path: byId, status: 404 },
    { what: 'read what happened to it', method: 'GET', path: `${byId}/activities`, status: 404 },
    {
      what: 'add a note to it',
      method: 'POST',
      path: `${byId}/activities`,
      options: { body: { text: 'Was here' } },
      status: 404,
    },
    { what: 'update it', method: 'PATCH', path: byId, options: { body: { contact_name: 'Taken over' } }, status: 404 },
    {
      what: 'move it to a stage of one\u2019s own',
      method: 'POST',
      path: `${byId}/move`,
      options: { body: { stage_id: own['stage_id'] } },
      status: 404,
    },
    {
      what: 'move one\u2019s own lead to its stage',
      method: 'POST',
      path: `${org}/leads/${ownId}/move`,
      options: { body: { stage_id: lead['stage_id'] } },
      status: 404,
    },
    { what: 'delete it', method: 'DELETE', path: byId, status: 404 },
    { what: 'read the import it came by', method: 'GET', path: `${org}/lead-imports/${importId}`, status: 404 },
    {
      what: 'read what that import refused',
      method: 'GET',
      path: `${org}/lead-imports/${importId}/errors`,
      status: 404,
    },
    { what: 'list imports', method: 'GET', path: `${org}/lead-imports`, status: 200 },
    { what: 'list custom fields', method: 'GET', path: `${org}/lead-fields`, status: 200 },
    {
      what: 'find it in the audit log',
      method: 'GET',
      path: `${org}/audit-log`,
      options: { query: { service: 'leads', limit: '200' } },
      status: 200,
      own: ownId,
    },
    {
      what: 'find its company in the audit log',
      method: 'GET',
      path: `${org}/audit-log`,
      options: { query: { limit: '200' } },
      status: 200,
      own: 'org.created',
    },
  ];
}

/** Asks the same about ids that nobody has: the refusal must be the same. */
async function differenceToNobody(
  who: Actor,
  { method, path, options }: Attempt,
  answer: Answer,
  ids: readonly string[],
): Promise<string | undefined> {
  const nobodys = ids.reduce((text, id) => text.replace(id, madeUpId(id)), path);
  if (nobodys === path) return undefined;
  const other = await who.ask(method, nobodys, options);
  return sameRefusal(answer, other)
    ? undefined
    : `is answered otherwise than for an id that never existed (${other.status} ${said(other)})`;
}

function told(answer: Answer, { own }: Attempt): string {
  if (answer.status >= 400) return said(answer);
  const csv = /^text\/csv/.test(answer.headers.get('content-type') ?? '');
  const count = csv ? answer.text.trim().split('\n').length - 1 : itemsOf(answer.body).length;
  return `${count} found${own === undefined ? '' : ', all one\u2019s own'}`;
}

/** Afterwards the lead is as it was, and its own company still sees it: the attempts were on something real. */
export async function checkUntouched(scene: Scene, who: Actor, company: DemoCompany, target: Target): Promise<void> {
  scene.narrator.step(`Back in ${company.name} the lead is there as before`);
  const path = `/v1/orgs/${company.slug}/leads/${String(target.lead['id'])}`;
  const now = await who.do(
    'GET',
    path,
    {},
    (body) => `${String(body['contact_name'])}, version ${String(body['version'])}`,
    `/v1/orgs/${company.slug}/leads/{id}`,
  );
  must(
    JSON.stringify(now) === JSON.stringify(target.lead),
    'The lead has changed while another organization tried to reach it.',
  );
  const { text } = await who.ask('GET', `${path}/activities`);
  must(
    text.includes(target.note) && !text.includes('Was here'),
    'What happened to the lead is not what its own organization did.',
  );
}
