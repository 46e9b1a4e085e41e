import type { Json } from '../client/http.client.js';
import type { Actor, Scene } from './actor.js';
import { must } from './demo.failure.js';
import { type ImportCounts, importLeads, showLeads } from './import.act.js';
import { mustBeList } from './list.file.js';
import { createCompanies, type DemoCompany, inviteTeam, letConsultantIn } from './opening.act.js';
import { readAuditLog, refuseViewer, strangerAsks } from './roles.act.js';
import { checkUntouched, switchCompany, type Target, tryToReach } from './switch.act.js';

/** What the day came to. */
export interface MondayResult {
  /** Ways that were tried from one organization to the other's lead. */
  readonly attempts: number;
  readonly imported: ImportCounts;
  /** Who owns both companies, to look at what was made. */
  readonly login: { readonly email: string; readonly password: string };
  readonly companies: readonly DemoCompany[];
}

/**
 * The consultant's Monday: two companies, a team, a lead list, and every way from one company to the other's lead.
 *
 * @param file a CSV file of leads
 * @throws StartFailure when the file cannot be read or is none, DemoFailure with one line when something is visible
 *   that must not be, or anything else is not as it must be
 */
export async function playMonday(scene: Scene, file: string): Promise<MondayResult> {
  await mustBeList(file);
  const consultant = await letConsultantIn(scene);
  const [first, second] = await createCompanies(scene, consultant);
  const team = await inviteTeam(scene, consultant, first);
  const imported = await importLeads(scene, consultant, first, file);
  scene.narrator.step(`The leads are there, for ${team.colleague.name} too`);
  const [newest] = await showLeads(scene, team.colleague, first);
  must(newest !== undefined, 'No lead is to be seen after the import.');
  const target = await writeAbout(scene, consultant, first, newest, imported.id);

  const own = await switchCompany(scene, consultant, second);
  const { attempts, flaws } = await tryToReach(scene, consultant, second, own, target);
  must(flaws.length === 0, flaws.join('\n'));
  await checkUntouched(scene, consultant, first, target);
  await strangerAsks(scene, team.colleague, second, own);
  const refusals = await refuseViewer(scene, team.auditor, first, newest);
  await readAuditLog(scene, consultant, first, team, refusals);
  return {
    attempts,
    imported,
    login: { email: consultant.email, password: consultant.password },
    companies: [first, second],
  };
}

/** Makes something of the lead that is in no file: a note, and where its list goes on. */
async function writeAbout(
  scene: Scene,
  who: Actor,
  company: DemoCompany,
  lead: Json,
  importId: string,
): Promise<Target> {
  const path = `/v1/orgs/${company.slug}/leads`;
  const note = `Decides on Friday, asked for ${scene.run}-pricing`;
  const shown = `${path}/{id}/activities`;
  await who.do(
    'POST',
    `${path}/${String(lead['id'])}/activities`,
    { body: { text: note } },
    () => `a note: "${note}"`,
    shown,
  );
  const { body } = await who.ask('GET', path, { query: { limit: '1' } });
  const now = await who.ask('GET', `${path}/${String(lead['id'])}`);
  return { lead: now.body, importId, note, cursor: (body['next_cursor'] ?? null) as string | null };
}
