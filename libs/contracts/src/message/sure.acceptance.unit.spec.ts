import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import fc from 'fast-check';
import { CATALOG } from '../catalog.js';
import { type MessageClass, schemaOf } from './fields.js';
import { surelyValid } from './sure.acceptance.js';
import { validated } from './validation.js';

const classes = [
  ...new Set(
    [...CATALOG.values()].flatMap((contract) =>
      contract.kind === 'event' ? [contract.request] : [contract.request, contract.reply],
    ),
  ),
] as MessageClass[];

function rulesAccept(type: MessageClass, payload: object): boolean {
  const instance = plainToInstance(type, payload, { exposeDefaultValues: true });
  return (
    validateSync(instance, { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: true }).length === 0
  );
}

/** Values near the edges of every kind of field, and some that are near none. */
const value = fc.oneof(
  fc.constantFrom(
    '',
    'a',
    'ab',
    '🚀',
    '🚀🚀',
    '\ud800',
    'a\nb',
    'a\u0000',
    'owner',
    'viewer',
    'active',
    '-created_at',
    'bench',
    '+4930123456',
    'a@b.co',
    'https://a.example',
    '2026-01-01T00:00:00Z',
    '01890a5d-ac96-774b-bcce-b302099a8057',
    '01890A5D-AC96-774B-BCCE-B302099A8057',
    'x'.repeat(50),
    'x'.repeat(51),
    'x'.repeat(200),
    'x'.repeat(201),
    '🚀'.repeat(40),
    'x'.repeat(2001),
  ),
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.integer(),
  fc.constantFrom(0, -0, 1, 1.5, NaN, Infinity, 200, 201, 2_000_000_000, 2_000_000_001),
  fc.boolean(),
  fc.constantFrom(null, undefined),
  fc.array(fc.oneof(fc.string({ maxLength: 60 }), fc.constantFrom('', 'tag', 1, null)), { maxLength: 60 }),
  fc.object({ maxDepth: 1 }),
);

describe('sure acceptance', () => {
  it('never accepts a message that the rules refuse, of any class in the catalog', () => {
    for (const type of classes) {
      const names = Object.keys(schemaOf(type)['properties'] as object);
      if (names.length === 0) continue;
      const whole = fc.record(Object.fromEntries(names.map((name) => [name, value])), { requiredKeys: [] });
      // And of one field alone, so that no other one is refused before its rule is asked.
      const single = fc.tuple(fc.constantFrom(...names), value).map(([name, given]) => ({ [name]: given }));
      fc.assert(
        fc.property(fc.oneof(whole, single), (given) => {
          const payload: object = { ...given };
          if (surelyValid(type, payload))
            expect([type.name, payload, rulesAccept(type, payload)]).toEqual([type.name, payload, true]);
        }),
        { numRuns: 300 },
      );
    }
  });

  it('gives the same instance as the rules do', () => {
    const { request } = CATALOG.get('leads.create-lead.v1') as { request: MessageClass };
    const payload = { contact_name: 'Zoë', company: 'Éclair', email: 'a@b.co', value_minor: 5, tags: ['x', 'y'] };
    expect(surelyValid(request, payload)).toBe(true);
    expect(validated(request, payload)).toStrictEqual(plainToInstance(request, payload, { exposeDefaultValues: true }));
  });

  it.each([
    ['leads.list-leads.v1', { limit: 20 }],
    ['leads.create-lead.v1', { contact_name: 'A', email: 'a@b.co', tags: ['x'] }],
    ['orgs.resolve-access.v1', { slug: 'acme', user_id: '01890a5d-ac96-774b-bcce-b302099a8057' }],
  ])('is sure of the busiest messages: %s', (type, payload) => {
    expect(surelyValid((CATALOG.get(type) as { request: MessageClass }).request, payload)).toBe(true);
  });
});
