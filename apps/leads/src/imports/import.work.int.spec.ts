import { createHash } from 'node:crypto';
import { AppendImportChunk, FinishImport, ListLeadsAuditLog, StartImport } from '@apollo/contracts';
import { Attacker, type TestOrg, testOrg, until } from '@apollo/testing';
import fc from 'fast-check';
import { type ImportWorld, importWorld } from './import.world.spec.js';

const mapping = { Name: 'contact_name', Mail: 'email', Id: 'external_id' };

/** Rows of which every third has no external id. */
const file = (rows: number): string =>
  `Name,Mail,Id\n${Array.from({ length: rows }, (_, n) => `Person ${n},p${n}@example.com,${n % 3 ? `x${n}` : ''}\n`).join('')}`;

/** Rows of which each has an external id. */
const named = (rows: number): string =>
  `Name,Mail,Id\n${Array.from({ length: rows }, (_, n) => `Person ${n},p${n}@example.com,x${n}\n`).join('')}`;

describe('the work on an import', () => {
  let world: ImportWorld;
  beforeAll(async () => {
    world = await importWorld();
  });
  afterAll(() => world.stop());

  /** Every row of `file(rows)` is one lead and one activity, in the order of the file. */
  async function complete(org: TestOrg, rows: number): Promise<void> {
    const leads = await world.test.admin('select contact_name from leads.leads where org_id = $1 order by id', [
      org.id,
    ]);
    expect(leads.map((lead) => lead['contact_name'])).toEqual(Array.from({ length: rows }, (_, n) => `Person ${n}`));
    const [told] = await world.test.admin(
      `select count(*)::int as activities, count(distinct lead_id)::int as leads from leads.activities where org_id = $1`,
      [org.id],
    );
    expect(told).toEqual({ activities: rows, leads: rows });
  }

  it('goes through with 15,000 rows', async () => {
    const org = testOrg();
    expect(await world.import(org, file(15_000), { mapping })).toMatchObject({
      status: 'finished',
      rows_total: 15_000,
      rows_read: 15_000,
      created: 15_000,
      refused: 0,
    });
    expect(
      await world.test.admin('select count(*)::int as leads from leads.leads where org_id = $1', [org.id]),
    ).toEqual([{ leads: 15_000 }]);
  });

  it('is shown step by step, on its way in and back, to who watches it in its organization, and to nobody else', async () => {
    const [org, other] = [testOrg(), testOrg()];
    const cut = new AbortController();
    const { id } = await world.ask(org, StartImport, { file_name: 'list.csv', mapping });
    const [seen, theirs] = [world.watch(org, id, cut.signal), world.watch(other, id, cut.signal)];
    await until(() => seen.states.length > 0 && theirs.end !== undefined);
    const bytes = Buffer.from(file(3_000));
    await world.ask(org, AppendImportChunk, { id, seq: 0, data: bytes.toString('base64') });
    await world.ask(org, FinishImport, { id, chunks: 1, sha256: createHash('sha256').update(bytes).digest('hex') });
    await until(() => seen.frames.at(-1)?.status === 'finished');
    await world.undone(org, id);
    await until(() => seen.frames.at(-1)?.status === 'undone');
    cut.abort();
    const said = new Set(
      seen.frames.map(({ status, rows_read, undo }) => `${status} ${rows_read} ${undo?.removed ?? ''}`),
    );
    expect([...said]).toEqual(
      expect.arrayContaining(['running 0 ', 'finished 3000 ', 'undoing 3000 0', 'undone 3000 3000']),
    );
    // Steps between the first and the last.
    expect(said.size).toBeGreaterThan(6);
    expect(seen.states[0]).toMatchObject({ status: 'receiving' });
    expect(theirs).toEqual({ states: [], frames: [], end: 'not_found' });
  });

  it('goes through the same file again without a change', async () => {
    const org = testOrg();
    const rows = named(4_000);
    await world.import(org, rows, { mapping });
    expect(await world.import(org, rows, { mapping })).toMatchObject({ created: 0, updated: 0, unchanged: 4_000 });
  });

  it('goes on in another process where the one that stopped left it', async () => {
    const org = testOrg();
    const { id } = await world.send(org, file(12_000), { mapping });
    await world.reached(org, id, 1);
    await world.stopOldest();
    const [left] = await world.test.admin('select rows_read, status from leads.imports where id = $1', [id]);
    expect(left).toMatchObject({ status: 'running' });
    expect(left!['rows_read']).toBeLessThan(12_000);
    await world.startInstance();
    expect(await world.ended(org, id)).toMatchObject({
      status: 'finished',
      created: 12_000,
      rows_read: 12_000,
      unchanged: 0,
      updated: 0,
      refused: 0,
    });
    await complete(org, 12_000);
  });

  it('goes on after its connections were cut off, without a row twice or lost', async () => {
    const org = testOrg();
    const { id } = await world.send(org, file(12_000), { mapping });
    for (const rows of [2_000, 5_000]) {
      await world.reached(org, id, rows);
      await world.test.admin(
        `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'leads_app' and datname = current_database()`,
      );
    }
    expect(await world.ended(org, id)).toMatchObject({ status: 'finished', created: 12_000, rows_read: 12_000 });
    await complete(org, 12_000);
  });

  /**
   * Claims an import as another process would, while a batch of the one at work waits for its claim, and waits until that
   * batch is written or given up.
   *
   * @returns how far the import had come
   */
  async function takeOver(org: TestOrg, id: string): Promise<Record<string, unknown>> {
    const other = await Attacker.connect({ ...world.test, appUrl: world.test.adminUrl }, org);
    await other.plain('begin', `select from leads.jobs where id = '${id}' for update`);
    let batch: unknown;
    await until(async () => {
      const [waiting] = await world.test.admin(
        `select l.virtualtransaction as batch from pg_locks l join pg_stat_activity a using (pid)
        where not l.granted and a.datname = current_database() and a.usename = 'leads_app'`,
      );
      batch = waiting?.['batch'];
      return batch !== undefined;
    });
    const taken = await other.plain(
      `update leads.jobs set lease = gen_random_uuid(), heartbeat_at = now() where id = '${id}' and lease is not null`,
      `select rows_read, created from leads.imports where id = '${id}'`,
    );
    await other.plain('commit');
    await until(
      async () => (await world.test.admin('select from pg_locks where virtualtransaction = $1', [batch])).length === 0,
    );
    await other.close();
    return taken.rows[0]!;
  }

  it('is taken over from a process that fell silent, which then writes nothing any more', async () => {
    const org = testOrg();
    // With an external id in every row, writing one a second time fails at no key: only the claim keeps the counts right.
    const { id } = await world.send(org, named(12_000), { mapping });
    await world.reached(org, id, 2_000);
    const taken = await takeOver(org, id);
    expect(taken['rows_read']).toBeLessThan(12_000);
    expect(await world.test.admin('select rows_read, created from leads.imports where id = $1', [id])).toEqual([taken]);
    expect(
      await world.test.admin(
        'select count(*)::int as rows_read, count(*)::int as created from leads.leads where org_id = $1',
        [org.id],
      ),
    ).toEqual([taken]);
    await world.startInstance();
    // And as if that one had been suspended for longer than anybody waits.
    await world.test.admin(`update leads.jobs set heartbeat_at = now() - interval '1 hour' where id = $1`, [id]);
    await world.test.admin(`update leads.due_jobs set due_at = now() where job_id = $1`, [id]);
    expect(await world.ended(org, id)).toMatchObject({
      status: 'finished',
      created: 12_000,
      rows_read: 12_000,
      unchanged: 0,
      updated: 0,
    });
    await complete(org, 12_000);
    const ends = (await world.ask(org, ListLeadsAuditLog, { action: 'leads.import-finished' })).items.filter(
      ({ subject }) => subject === id,
    );
    expect(ends).toHaveLength(1);
  });

  it('is given up when it does not get any further', async () => {
    const org = testOrg();
    const { id } = await world.ask(org, StartImport, { file_name: 'x.csv', mapping });
    await world.test.admin(`update leads.imports set status = 'running', mapping = '17' where id = $1`, [id]);
    await world.test.admin('update leads.jobs set attempts = 5 where id = $1', [id]);
    await world.test.admin('update leads.due_jobs set due_at = now() where job_id = $1', [id]);
    expect(await world.ended(org, id)).toMatchObject({ status: 'failed', error_code: 'internal_error' });
  });

  it('never begins when the upload is abandoned, whose pieces are forgotten', async () => {
    const org = testOrg();
    const { id } = await world.ask(org, StartImport, { file_name: 'x.csv', mapping });
    await world.ask(org, AppendImportChunk, { id, seq: 0, data: 'AAAA' });
    await world.test.admin(`update leads.imports set created_at = now() - interval '61 minutes' where id = $1`, [id]);
    await world.test.admin('update leads.due_jobs set due_at = now() where job_id = $1', [id]);
    expect(await world.ended(org, id)).toMatchObject({
      status: 'failed',
      error_code: 'upload_incomplete',
      rows_read: 0,
    });
    expect(await world.test.admin('select 1 from leads.import_chunks')).toEqual([]);
    expect((await world.ask(org, ListLeadsAuditLog, { action: 'leads.import-failed' })).items).toMatchObject([
      { subject: id, detail: { code: 'upload_incomplete' } },
    ]);
  });

  it("is on record as its importer's, also where another process did it", async () => {
    const org = testOrg();
    await world.import(org, file(1), { mapping });
    const entries = (await world.ask(org, ListLeadsAuditLog, {})).items;
    expect(entries.map(({ actor }) => actor)).toEqual(entries.map(() => org.owner));
    expect(JSON.stringify(entries)).not.toContain('Person');
  });

  it('turns any table into leads and back', async () => {
    const text = fc
      .string({
        unit: fc.constantFrom('a', 'Z', 'ß', '漢', '\u{1F600}', ',', ';', '"', "'", '=', ' ', '\\', '%'),
        minLength: 1,
        maxLength: 12,
      })
      .map((value) => value.trim())
      .filter((value) => value !== '');
    const lines = fc
      .string({ unit: fc.constantFrom('a', 'ü', '"', ',', '\n', '\t', ' '), maxLength: 12 })
      .map((value) => value.trim());
    const lead = fc.record({
      contact_name: text,
      company: fc.option(text),
      city: fc.option(text),
      value_minor: fc.option(fc.maxSafeNat()),
      tags: fc.uniqueArray(
        fc
          .string({ unit: fc.constantFrom('a', 'b', 'ü', ' x '), minLength: 1, maxLength: 3 })
          .map((tag) => tag.trim())
          .filter(Boolean),
        { maxLength: 4 },
      ),
      note: lines,
    });
    // As our export does: a spreadsheet would take it for a formula.
    const plain = (value: unknown): string => String(value ?? '').replace(/^(?='*[=+\-@])/, "'");
    const quoted = (value: unknown): string => `"${plain(value).replaceAll('"', '""')}"`;
    await fc.assert(
      fc.asyncProperty(
        fc.array(lead, { minLength: 1, maxLength: 20 }),
        fc.constantFrom(',', ';', '\t'),
        fc.integer({ min: 5, max: 4_000 }),
        async (table, delimiter, size) => {
          const org = testOrg();
          const head = ['N', 'C', 'T', 'V', 'G', 'O', 'I'];
          const rows = table.map((row, at) =>
            [row.contact_name, row.company, row.city, row.value_minor, row.tags.join(';'), row.note, at]
              .map(quoted)
              .join(delimiter),
          );
          const done = await world.import(
            org,
            [head.join(delimiter), ...rows].join('\n'),
            {
              mapping: {
                N: 'contact_name',
                C: 'company',
                T: 'city',
                V: 'value_minor',
                G: 'tags',
                O: 'custom_fields.note',
                I: 'external_id',
              },
            },
            size * 20,
          );
          expect(done).toMatchObject({ status: 'finished', created: table.length, refused: 0 });
          const found = (await world.leads(org)).sort((x, y) => Number(x.external_id) - Number(y.external_id));
          expect(
            found.map(({ contact_name, company, city, value_minor, tags, custom_fields }) => ({
              contact_name,
              company,
              city,
              value_minor,
              tags,
              note: custom_fields['note'] ?? '',
            })),
          ).toEqual(table);
        },
      ),
      { numRuns: 25 },
    );
  });
});
