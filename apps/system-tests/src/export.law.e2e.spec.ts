import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { type LiveOrg, Stage } from './live.platform.js';

/** What breaks tables: separators, quotes, line ends, formulas, apostrophes, blanks, accents in two forms. */
const unit = fc.constantFrom(
  ...[...'aZß漢é,;|\t"\'=+-@. 0\n\\%'],
  'e\u0301',
  '\u{1F600}',
  '\r\n',
  '＝',
  'x;=',
  '\u200B',
);
const lines = fc.string({ unit, minLength: 1, maxLength: 10 }).filter((text) => /[a-z漢0]/iu.test(text));
const text = lines.map((each) => each.replace(/[\r\n\t]/g, ' ')).filter((each) => /[a-z漢0]/iu.test(each));
const maybe = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: undefined });
const options = ['a;b', 'c,"d"', '=e', "'f", 'g  h'];

/** Amounts as people send them: whole ones with and without their decimals, nothing below zero, fewer decimals than there are. */
const amount = fc
  .tuple(
    fc.constantFrom('', '-'),
    fc.oneof(
      fc.constant(0),
      fc.maxSafeNat().map((n) => n % 1e9),
    ),
  )
  .chain(([minus, whole]) =>
    fc
      .oneof(
        fc.tuple(fc.constantFrom('', '.00', '.0', '.5', '.50', '.05'), fc.constantFrom('EUR', 'USD')),
        fc.tuple(fc.constantFrom('', '.000', '.0', '.5', '.234'), fc.constant('KWD')),
        fc.tuple(fc.constant(''), fc.constant('JPY')),
      )
      .map(([cents, currency]) => `${minus}${whole}${cents} ${currency}`),
  );

const lead = fc.record({
  contact_name: text,
  company: maybe(text),
  city: maybe(text),
  email: maybe(fc.constantFrom('a@b.test', "o'x@b.test", '"a;b"@c.test', '+a@b.test')),
  phone: maybe(fc.constantFrom('+4930123456', '+390612345678', '+525512345678')),
  site: maybe(fc.constantFrom('https://x.test/?a=1,2;3', 'http://x.test')),
  value_minor: maybe(fc.maxSafeNat()),
  tags: maybe(fc.array(text, { maxLength: 4 })),
  external_id: maybe(fc.uuid().chain((id) => text.map((each) => `${each} ${id}`))),
  custom_fields: fc.record(
    {
      note: lines,
      points: fc.oneof(
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.constantFrom(1.234, -1.5, 1e21, 1e-7, 1234567.891),
      ),
      since: fc.constantFrom('2026-01-02', '1999-12-31'),
      worth: amount,
      tier: fc.constantFrom(...options),
      langs: fc.subarray(options),
    },
    { requiredKeys: [] },
  ),
});

describe('an export', () => {
  const stage = new Stage();
  let org: LiveOrg;
  let base: string;

  beforeAll(async () => {
    org = await stage.org();
    base = `/v1/orgs/${org.slug}`;
    const field = (key: string, kind: string, more: object = {}) =>
      org.owner.http.post(`${base}/lead-fields`, { key, label: key, kind, ...more });
    await field('note', 'text');
    await field('points', 'number');
    await field('since', 'date');
    await field('worth', 'money');
    await field('tier', 'select', { options });
    await field('langs', 'multi_select', { options });
  });

  async function everyLead(): Promise<unknown[]> {
    const found: unknown[] = [];
    let cursor: string | null = null;
    do {
      const query: Record<string, string> = { limit: '200', sort: 'created_at', ...(cursor ? { cursor } : {}) };
      const page = await org.owner.http.get(`${base}/leads`, query);
      found.push(...(page['items'] as unknown[]));
      cursor = page['next_cursor'] as string | null;
    } while (cursor);
    return found;
  }

  async function imported(csv: string): Promise<Record<string, unknown>> {
    const form = new FormData();
    form.set('file', new Blob([csv], { type: 'text/csv' }), 'leads.csv');
    const { body } = await org.owner.http.send('POST', `${base}/lead-imports`, { form });
    for (;;) {
      const state = await org.owner.http.get(`${base}/lead-imports/${String(body['id'])}`);
      if (state['finished_at'] !== null) return state;
      await sleep(50);
    }
  }

  it('imported again changes nothing, whatever the leads contain and whatever separates its cells', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(lead, { minLength: 10, maxLength: 15 }), async (leads) => {
        for (const body of leads) await org.owner.http.post(`${base}/leads`, body);
        const before = await everyLead();
        for (const separator of ['comma', 'semicolon', 'tab']) {
          const answer = await org.owner.http.send('GET', `${base}/lead-export`, { query: { separator } });
          const done = await imported(`\uFEFF${answer.text.replace(/^\uFEFF/, '')}`);
          const { status, unchanged, error_detail } = done;
          expect(await everyLead()).toEqual(before);
          expect([separator, status, unchanged, error_detail]).toEqual([separator, 'finished', before.length, null]);
        }
      }),
      { numRuns: 8, endOnFailure: true },
    );
  }, 240_000);
});
