import { DomainError, type JsonSchema, referredClass, schemaOf } from '@apollo/contracts';
import fc from 'fast-check';
import { AUTH } from '../routes/auth.routes.js';
import { BILLING } from '../routes/billing.routes.js';
import { LEADS, PIPELINES } from '../routes/leads.routes.js';
import { ME } from '../routes/me.routes.js';
import { INVITATIONS, ORGS } from '../routes/orgs.routes.js';
import { PLATFORM } from '../routes/platform.routes.js';
import { parseJsonBody } from './json.parser.js';
import { openFields } from './payload.merger.js';
import { planOf } from './route.plan.js';
import type { Route } from './route.js';

const MEGABYTE = 1_000_000;
const tables = [AUTH, BILLING, LEADS, PIPELINES, ME, ORGS, INVITATIONS, PLATFORM];
const routes: [string, Route][] = tables
  .flatMap((table) => table.routes)
  .filter(({ verb, accepts }) => verb !== 'get' && !accepts)
  .map((route) => [`${route.verb} ${route.path}`, route]);

/** Maps that take lists; of the others each value is a text. */
const OF_LISTS = ['custom_fields', 'options'];

/** JSON text of a value that is as full as its schema lets it be, texts written as long as may be. */
function fullest(schema: JsonSchema, name: string): string {
  const either = schema['anyOf'] as readonly JsonSchema[] | undefined;
  if (either) return fullest(either[0] ?? {}, name);
  const nested = referredClass(schema);
  if (nested) return objectOf(schemaOf(nested)['properties'] as Record<string, JsonSchema>);
  if (schema['type'] === 'array')
    return `[${Array(Number(schema['maxItems']))
      .fill(fullest(schema['items'] as JsonSchema, name))
      .join(', ')}]`;
  if (schema['type'] === 'object') {
    const value = OF_LISTS.includes(name) ? `[${Array(100).fill('"\\u0078"').join(', ')}]` : '"\\u0078"';
    return `{${Array.from({ length: Number(schema['maxProperties']) }, (_, at) => `"k${at}": ${value}`).join(', ')}}`;
  }
  return schema['type'] === 'string'
    ? `"${'\\u0065\\u0301'.repeat(Number(schema['maxLength'] ?? 50))}"`
    : '-1234567890';
}

function objectOf(fields: Record<string, JsonSchema>): string {
  return `{${Object.entries(fields)
    .map(([name, schema]) => `"${name}": ${fullest(schema, name)}`)
    .join(', ')}}`;
}

const filled = (unit: string, bytes: number): string =>
  Array(Math.floor(bytes / (unit.length + 1)))
    .fill(unit)
    .join(',');
/** What a megabyte makes most work of. */
const WORST: readonly [string, (bytes: number) => string][] = [
  ['keys', (bytes) => `{${Array.from({ length: bytes / 11 }, (_, at) => `"${at.toString(36)}":1`).join(',')}}`],
  ['numbers', (bytes) => `{"email":[${filled('1', bytes)}]}`],
  ['lists', (bytes) => `{"email":[${filled('[]', bytes)}]}`],
  ['objects', (bytes) => `{"email":[${filled('{}', bytes)}]}`],
  ['lists in lists', (bytes) => `{"email":[${filled('[[[[[[1]]]]]]', bytes)}]}`],
  ['brackets', (bytes) => '['.repeat(bytes)],
  ['the same key', (bytes) => `{${filled('"a":1', bytes)}}`],
];

/** How often JSON is read meanwhile. */
function readDuring(work: () => void): number {
  const { parse } = JSON;
  let times = 0;
  JSON.parse = (text) => {
    times += 1;
    return parse(text) as unknown;
  };
  try {
    work();
  } finally {
    JSON.parse = parse;
  }
  return times;
}

/** Objects, lists, keys and further values of a value. */
function piecesOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const entries = Object.values(value);
  const own = 1 + Math.max(0, entries.length - 1) + (Array.isArray(value) ? 0 : entries.length);
  return entries.reduce<number>((sum, each) => sum + piecesOf(each), own);
}

const refusal = expect.objectContaining({ code: 'malformed_json' }) as DomainError;

describe('the room of a body', () => {
  it.each(routes)('is enough for the fullest that %s takes', (_, route) => {
    const { room } = planOf(route);
    const contracts = [route.contract, route.withoutBearer].filter((contract) => contract !== undefined);
    for (const contract of contracts) {
      const body = Buffer.from(objectOf(openFields(contract, route)));
      expect(body.length).toBeLessThanOrEqual(room.bytes);
      expect(parseJsonBody(body, room.pieces)).toBeInstanceOf(Object);
    }
  });

  it.each(routes)('is all that is made of what %s is sent, whatever is in it', (_, route) => {
    const { room } = planOf(route);
    for (const [what, worst] of WORST) {
      const body = Buffer.from(worst(MEGABYTE));
      const read = readDuring(() => expect(() => parseJsonBody(body, room.pieces)).toThrow(refusal));
      expect([what, read]).toEqual([what, 0]);
    }
    expect(room.pieces).toBeLessThanOrEqual(25_000);
  });

  it('is small where nobody has signed in yet', () => {
    for (const [name, route] of routes.filter(([, { path }]) => path.startsWith('/v1/auth/'))) {
      const { room } = planOf(route);
      expect([name, room.bytes < MEGABYTE / 10, room.pieces < 1_100]).toEqual([name, true, true]);
    }
  });
});

describe('what is counted of a body', () => {
  it('is what it holds, and nothing of its texts', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        const body = Buffer.from(JSON.stringify([value, '[{":,\\"\\\\', '\\']));
        fc.pre(!body.includes('__proto__'));
        const pieces = piecesOf([value, '', '']);
        expect(parseJsonBody(body, pieces)).toEqual(JSON.parse(body.toString()));
        expect(() => parseJsonBody(body, pieces - 1)).toThrow(refusal);
      }),
    );
  });
});
