import type { leadsMessages } from '@apollo/contracts';
import fc from 'fast-check';
import { activityBytes, leadBytes } from './page.budget.js';
import { contentOf } from './lead.rules.js';

const text = (max: number) =>
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: max }).filter((value) => !/[\p{Cc}\p{Cs}]/u.test(value));

describe('page budget', () => {
  it('never takes a lead for smaller than its JSON', () => {
    const leads = fc.record({
      contact_name: text(200),
      company: text(200),
      city: text(100),
      tags: fc.array(text(50), { maxLength: 50 }),
      value_minor: fc.maxSafeNat(),
      custom_fields: fc.dictionary(
        fc.stringMatching(/^[a-z]{1,20}$/),
        fc.oneof(text(500), fc.double({ noNaN: true }), fc.array(text(100), { maxLength: 5 })),
      ),
    });
    // Whatever its length, and whatever it is made of.
    const units = fc.string({ unit: fc.constantFrom('a', '"', '漢', '\u{1F600}', '\u0001'), maxLength: 100 });
    const any = fc.oneof(
      units,
      fc.constantFrom('漢', '"', '\u0001').map((unit) => unit.repeat(3_000)),
    );
    const bySql = fc.record(
      {
        contact_name: any,
        company: any,
        email: any,
        phone: any,
        site: any,
        city: any,
        state: any,
        country: any,
        external_id: any,
        tags: fc.array(any),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(leads, bySql, (content, planted) => {
        const id = '01234567-89ab-7def-8123-456789abcdef';
        const moment = '2026-01-01T00:00:00.000Z';
        const lead: leadsMessages.Lead = {
          id,
          pipeline_id: id,
          stage_id: id,
          ...contentOf({ ...content, owner_id: id }),
          ...planted,
          created_at: moment,
          updated_at: moment,
          version: 2_000_000_000,
        };
        expect(leadBytes(lead)).toBeGreaterThanOrEqual(Buffer.byteLength(JSON.stringify(lead)));
      }),
    );
  });

  it('never takes a note for smaller than its JSON', () => {
    fc.assert(
      fc.property(text(5000), (note) => {
        const id = '01234567-89ab-7def-8123-456789abcdef';
        const activity = {
          id,
          lead_id: id,
          kind: 'note_added' as const,
          actor: id,
          at: '2026-01-01T00:00:00.000Z',
          detail: { text: `${note}\n"` },
        };
        expect(activityBytes(activity)).toBeGreaterThanOrEqual(Buffer.byteLength(JSON.stringify(activity)));
      }),
    );
  });
});
