import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Json } from '../client/http.client.js';
import { type Actor, itemsOf, type Scene } from './actor.js';
import { DemoFailure, must } from './demo.failure.js';
import { cut } from './narrator.js';
import type { DemoCompany } from './opening.act.js';

/** What became of the rows of a file. */
export interface ImportCounts {
  readonly id: string;
  readonly rows: number;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly refused: number;
  /** Cells that could not be read; their people are in. */
  readonly cellsLeftOut: number;
}

/** Milliseconds between two looks at the progress, and between two lines about it. */
const LOOK_EVERY = 100;
const TELL_EVERY = 1_000;
const MOST_PROBLEMS_SHOWN = 5;

/**
 * Imports a lead list into a company with the mapping that the product proposes, and a second time where that changes
 * nothing.
 */
export async function importLeads(scene: Scene, who: Actor, company: DemoCompany, file: string): Promise<ImportCounts> {
  const { narrator } = scene;
  narrator.step(`She imports the lead list ${basename(file)} into ${company.name}`);
  const preview = await previewOf(who, company, file);
  const columns = preview['columns'] as Json[];
  for (const { heading, target, kind, format, note } of columns) {
    const how = [kind, format].filter((each) => each !== null).join(', ');
    const is = target === null ? 'left out' : `is  ${String(target)}${how === '' ? '' : ` (${how})`}`;
    narrator.line(`${cut(String(heading), 28).padEnd(28)}  ${is}`);
    if (note != null) narrator.line(String(note));
  }

  const send = () => importOnce(scene, who, company, { file, formats: preview['formats'] as Json });
  const first = await send();
  must(first.refused < first.rows, `Not one of the ${first.rows} rows of ${basename(file)} could be imported.`);
  const told = await showProblems(scene, who, company, first);
  if (preview['identity'] !== 'none') {
    const again = await send();
    const areStrangers = told.some(({ problem }) => /to be recognized by/.test(String(problem)));
    must(
      again.created === 0 || areStrangers,
      `The same file once more made ${again.created} leads instead of recognizing them.`,
    );
    narrator.shows(
      `The same file again makes nobody twice who can be recognized${areStrangers ? `; ${again.created} of its rows cannot` : ''}.`,
    );
  } else narrator.shows('Nothing in the file recognizes people: the same file again would make each of them anew.');
  return first;
}

/** Asks what an import would do, and tells how the file is read. */
async function previewOf(who: Actor, company: DemoCompany, file: string): Promise<Json> {
  const form = await formOf(file);
  return who.do('POST', `/v1/orgs/${company.slug}/lead-imports/preview`, { form }, (body) => {
    const { encoding, delimiter, rows_looked_at, refused, problems } = body;
    return `${String(encoding)}, cut at ${JSON.stringify(delimiter)}, ${String(rows_looked_at)} rows, ${String(refused)} refused, ${String(problems)} cells that cannot be read`;
  });
}

/** Read from the disk while it is sent. @param formats as the preview proposed them */
async function formOf(file: string, formats: Json = {}): Promise<FormData> {
  const form = new FormData();
  form.set('formats', JSON.stringify(formats));
  form.set('file', await openAsBlob(file, { type: 'text/csv' }), basename(file));
  return form;
}

async function importOnce(
  scene: Scene,
  who: Actor,
  company: DemoCompany,
  { file, formats }: { file: string; formats: Json },
): Promise<ImportCounts> {
  const path = `/v1/orgs/${company.slug}/lead-imports`;
  const form = await formOf(file, formats);
  const begun = performance.now();
  const { id } = await who.do('POST', path, { form }, () => 'the file is there, the work goes on');
  const end = await watch(scene, who, `${path}/${String(id)}`);
  if (end['status'] !== 'finished')
    throw new DemoFailure(`The import failed: ${String(end['error_code'])} (${String(end['error_detail'])})`);
  const count = (name: string) => Number(end[name] ?? 0);
  const counts = {
    id: String(id),
    rows: count('rows_read'),
    created: count('created'),
    updated: count('updated'),
    unchanged: count('unchanged'),
    refused: count('refused'),
    cellsLeftOut: count('cells_left_out'),
  };
  const { created, updated, unchanged, refused, cellsLeftOut } = counts;
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  scene.narrator.did(
    `${counts.rows} rows in ${seconds} s`,
    `${created} created, ${updated} updated, ${unchanged} unchanged, ${refused} refused, ${cellsLeftOut} cells left out`,
  );
  return counts;
}

async function watch({ narrator }: Scene, who: Actor, path: string): Promise<Json> {
  let told = performance.now();
  for (;;) {
    const { status, body } = await who.ask('GET', path);
    must(status === 200, `The progress of the import cannot be read any more: ${status}.`);
    if (body['status'] === 'finished' || body['status'] === 'failed') return body;
    if (performance.now() - told >= TELL_EVERY) {
      told = performance.now();
      narrator.line(`${Number(body['rows_read'])} of ${String(body['rows_total'] ?? 'not yet counted')} rows`);
    }
    await delay(LOOK_EVERY);
  }
}

async function showProblems(
  { narrator }: Scene,
  who: Actor,
  company: DemoCompany,
  { id }: ImportCounts,
): Promise<readonly Json[]> {
  const path = `/v1/orgs/${company.slug}/lead-imports/${id}/errors`;
  const told: Json[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const { body } = await who.ask('GET', path, { query: { limit: '200', ...(cursor && { cursor }) } });
    told.push(...itemsOf(body));
    cursor = body['next_cursor'] as string | null;
  }
  for (const { line, column, problem } of told.slice(0, MOST_PROBLEMS_SHOWN))
    narrator.line(`line ${String(line)}${column === null ? '' : `, ${String(column)}`}: ${String(problem)}`);
  if (told.length > MOST_PROBLEMS_SHOWN) narrator.line('and more');
  return told;
}

/** Shows the newest leads of a company and gives them. */
export async function showLeads({ narrator }: Scene, who: Actor, company: DemoCompany): Promise<Json[]> {
  const list = await who.do('GET', `/v1/orgs/${company.slug}/leads`, { query: { limit: '5' } }, (body) => {
    return `${itemsOf(body).length} leads${body['next_cursor'] === null ? '' : ', more on the next page'}`;
  });
  for (const { contact_name, company: employer, custom_fields, external_id } of itemsOf(list)) {
    const about = employer ?? Object.values((custom_fields ?? {}) as Json).join(', ');
    narrator.line(
      [contact_name, about, external_id ?? '']
        .map((text) => cut(String(text), 36).padEnd(36))
        .join('  ')
        .trimEnd(),
    );
  }
  return itemsOf(list);
}
