import { CATALOG } from '../catalog.js';
import { sampleOf } from '../golden/golden.samples.js';
import { DomainError } from './errors.js';
import { allFields, FlatMap, type MessageClass, Nested, NestedList, Optional, Text, TextList } from './fields.js';
import { cutTo } from './payload.cut.js';
import { type FieldProblem, validated } from './validation.js';

class Part {
  @Text({ max: 10 }) name!: string;
  @Optional() @NestedList(() => Part, { max: 3 }) parts?: Part[];
}

class Whole {
  @Optional() @Text({ max: 10 }) text?: string;
  @Optional() @Nested(() => Part) part?: Part;
  @Optional() @NestedList(() => Part, { max: 3 }) parts?: Part[];
  @Optional() @TextList({ max: 3, length: 10 }) texts?: string[];
  @Optional() @FlatMap({ keys: 3, length: 10 }) map?: Record<string, unknown>;
}

let looks = 0;
const never = (): void => void (looks += 1);
/** An object that nobody may look into. */
const closed = (): object => Object.defineProperty({}, 'x', { get: never, enumerable: true });
/** A list with more elements than anything takes, the last of which nobody may look at. */
const long = (element: () => unknown): unknown[] =>
  Object.defineProperty(Array.from({ length: 200 }, element), 199, { get: never, enumerable: true });
/** A map with more keys than anything takes, the last of which nobody may look at. */
const wide = (): object =>
  Object.defineProperty(Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`k${n}`, n])), 'last', {
    get: never,
    enumerable: true,
  });

function refusal(type: MessageClass, payload: object): readonly FieldProblem[] {
  try {
    validated(type, payload);
  } catch (error) {
    if (error instanceof DomainError) return error.fields ?? [];
    throw error;
  }
  return [];
}

const HUGE = [
  Object.fromEntries(Array.from({ length: 30_000 }, (_, n) => [`k${n}`, n])),
  Array.from({ length: 30_000 }, () => ({})),
  { a: { b: Array.from({ length: 30_000 }, () => []) } },
];

const classes = [...new Set([...CATALOG.values()].map(({ request }) => request as MessageClass))];

describe('what is looked at of a payload', () => {
  it.each<[string, object, object]>([
    ['an object for a text', { text: closed() }, { text: {} }],
    ['a list for a text', { text: long(closed) }, { text: [] }],
    ['an object for a list', { parts: closed() }, { parts: {} }],
    ['a list for an object', { part: long(closed) }, { part: [] }],
    ['too long a list', { parts: long(() => ({ name: 'x' })) }, { parts: Array(4).fill({ name: 'x' }) }],
    [
      'too long a list within one',
      { part: { name: 'x', parts: long(() => ({})) } },
      { part: { name: 'x', parts: [{}, {}, {}, {}] } },
    ],
    ['too long a list of texts', { texts: long(() => 'x') }, { texts: ['x', 'x', 'x', 'x'] }],
    ['objects for texts', { texts: [closed(), closed()] }, { texts: [{}, {}] }],
    ['too wide a map', { map: wide() }, { map: { a: 1, b: 2, c: 3, d: 4 } }],
    ['an object in a map', { map: { a: closed() } }, { map: { a: {} } }],
    ['too long a list in a map', { map: { a: long(() => 1) } }, { map: { a: Array(101).fill(1) } }],
    ['an object in a list in a map', { map: { a: [closed()] } }, { map: { a: [{}] } }],
  ])('is as much as is refused, and it is refused in the same words: %s', (_, given, short) => {
    looks = 0;
    const told = refusal(Whole, given);
    expect(looks).toBe(0);
    expect(told).not.toEqual([]);
    expect(told).toEqual(refusal(Whole, short));
  });

  it.each(classes.map((type) => [type.name, type] as const))('is all of a message that is right: %s', (_, type) => {
    const sample = sampleOf(type);
    expect(cutTo(type, sample, 'refused')).toEqual(sample);
  });

  it.each(classes.map((type) => [type.name, type] as const))('is bounded: %s', (_, type) => {
    for (const field of allFields(type).keys())
      for (const value of HUGE)
        expect(JSON.stringify(cutTo(type, { [field]: value }, 'refused')).length).toBeLessThan(50_000);
  });

  it('comes to a refusal that is bounded too', () => {
    const unknown = Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`${n}${'x'.repeat(500)}`, n]));
    const parts = Array.from({ length: 3 }, () => ({ name: 1, parts: Array.from({ length: 3 }, () => unknown) }));
    for (const payload of [unknown, { part: unknown }, { parts }]) {
      const told = refusal(Whole, payload);
      expect(told.length).toBeGreaterThan(0);
      expect(JSON.stringify(told).length).toBeLessThan(35_000);
    }
  });
});
