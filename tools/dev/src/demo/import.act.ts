import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Json } from '../client/http.client.js';
import { type Actor, itemsOf, type Scene } from './actor.js';
import { guessMapping } from './column.mapping.js';
import type { CsvHeading } from './csv.heading.js';
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
}

/** A file whose heading was read. */
export interface LeadFile extends CsvHeading {
  readonly file: string;
}

/** Milliseconds between two looks at the progress, and between two lines about it. */
const LOOK_EVERY = 100;
const TELL_EVERY = 1_000;
const MOST_REFUSALS_SHOWN = 5;
/** For rows without a name; such as those of a list that has no column for it. */
const DEFAULT_NAME = 'Unnamed lead';

/** Imports a lead list into a company, columns guessed by their headings, and a second time where that changes nothing. */
export async function importLeads(
  scene: Scene,
  who: Actor,
  company: DemoCompany,
  { file, headings, delimiter }: LeadFile,
): Promise<ImportCounts> {
  const { narrator } = scene;
  narrator.step(`She imports the lead list ${basename(file)} into ${company.name}`);
  const { mapping, leftOut } = guessMapping(headings);
  for (const [heading, target] of Object.entries(mapping))
    narrator.line(`${cut(heading, 28).padEnd(28)}  is  ${target}`);
  if (leftOut > 0) narrator.line(`${leftOut} columns are left out: they have no name, share one, or are too many.`);

  const send = () => importOnce(scene, who, company, { file, mapping, delimiter });
  const first = await send();
  must(first.refused < first.rows, `Not one of the ${first.rows} rows of ${basename(file)} could be imported.`);
  await showRefusals(scene, who, company, first);
  if (Object.values(mapping).includes('external_id')) {
    const again = await send();
    must(again.created === 0, `The same file once more made ${again.created} leads instead of recognizing them.`);
    narrator.shows(
      'The same file again makes nothing twice: rows are recognized by the id they have where they come from.',
    );
  }
  return first;
}

interface Order {
  readonly file: string;
  readonly mapping: Readonly<Record<string, string>>;
  readonly delimiter: string;
}

async function importOnce(scene: Scene, who: Actor, company: DemoCompany, order: Order): Promise<ImportCounts> {
  const path = `/v1/orgs/${company.slug}/lead-imports`;
  const form = new FormData();
  form.set('mapping', JSON.stringify(order.mapping));
  form.set('delimiter', order.delimiter);
  form.set('default_contact_name', DEFAULT_NAME);
  // Read from the disk while it is sent; the file comes last, as the API asks.
  form.set('file', await openAsBlob(order.file, { type: 'text/csv' }), basename(order.file));
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
  };
  const { created, updated, unchanged, refused } = counts;
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  scene.narrator.did(
    `${counts.rows} rows in ${seconds} s`,
    `${created} created, ${updated} updated, ${unchanged} unchanged, ${refused} refused`,
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

async function showRefusals(
  { narrator }: Scene,
  who: Actor,
  company: DemoCompany,
  { id, refused }: ImportCounts,
): Promise<void> {
  if (refused === 0) return;
  const limit = String(MOST_REFUSALS_SHOWN);
  const { body } = await who.ask('GET', `/v1/orgs/${company.slug}/lead-imports/${id}/errors`, { query: { limit } });
  for (const { line, column, problem } of itemsOf(body)) {
    narrator.line(`line ${String(line)}${column === null ? '' : `, ${String(column)}`}: ${String(problem)}`);
  }
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
