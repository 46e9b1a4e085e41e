import { setTimeout as delay } from 'node:timers/promises';
import { forgetPeak, peakResidentMb } from '../measure/process.usage.js';
import type { BenchReport } from '../report/bench.report.js';
import type { BenchField } from '../servers/bench.field.js';

const MAPPING = {
  Name: 'contact_name',
  Company: 'company',
  'E-mail': 'email',
  Phone: 'phone',
  City: 'city',
  Country: 'country',
  Value: 'value',
  Tags: 'tags',
  Id: 'external_id',
};
const POLL_MS = 100;
const PATIENCE_MS = 300_000;

function csv(rows: number): string {
  const lines = Array.from(
    { length: rows },
    (_, n) =>
      `"Contact, ${n}",Company ${n % 997},contact${n}@import.test,+4930${1_000_000 + n},Berlin,DE,${n}.50,"tag${n % 7},tag${n % 11}",import-${n}`,
  );
  return `${Object.keys(MAPPING).join(',')}\r\n${lines.join('\r\n')}\r\n`;
}

/** Imports a file of `rows` rows over HTTP into one organization: from the first byte sent to the last row in place. */
export async function importFile(field: BenchField, rows: number): Promise<NonNullable<BenchReport['import']>> {
  const client = await field.person.client();
  const { pids } = field.ours.platform.running;
  const watched = ['gateway', 'leads'].map((name): [string, number] => [name, pids[name] as number]);
  const path = `/v1/orgs/${field.orgs[0]?.slug}/lead-imports`;
  const form = new FormData();
  form.set('mapping', JSON.stringify(MAPPING));
  form.set('identity', 'none');
  form.set('file', new Blob([csv(rows)], { type: 'text/csv' }), 'bench.csv');
  watched.forEach(([, pid]) => forgetPeak(pid));
  const started = performance.now();
  const { body } = await client.send('POST', path, { form });
  let progress = body;
  while (progress['status'] === 'running' || progress['status'] === 'receiving') {
    if (performance.now() - started > PATIENCE_MS)
      throw new Error(`the import was not done within ${PATIENCE_MS / 1000} s`);
    await delay(POLL_MS);
    progress = await client.get(`${path}/${String(body['id'])}`);
  }
  const seconds = (performance.now() - started) / 1000;
  if (progress['status'] !== 'finished' || progress['created'] !== rows)
    throw new Error(`the import went wrong: ${JSON.stringify(progress)}`);
  return {
    rows,
    seconds,
    rowsPerSecond: rows / seconds,
    peakMb: Object.fromEntries(watched.map(([name, pid]) => [name, peakResidentMb(pid)])),
  };
}
