import { readFileSync } from 'node:fs';
import {
  CATALOG,
  contractsOf,
  entityOf,
  fieldNames,
  received,
  SERVICES,
  subjectOf,
  typeOf,
  validated,
} from './index.js';
import { goldenMessages, goldenNames, readGolden } from './golden/golden.files.js';
import { asyncApiDocument } from './golden/asyncapi.document.js';
import { messageTable } from './golden/message.table.js';
import { allFields, type JsonSchema, type MessageClass, referredClass } from './message/fields.js';

const org = '01890a5d-ac96-774b-bcce-b302099a8057';

describe('the catalog', () => {
  it('gives every message a subject of its own', () => {
    const subjects = [...CATALOG.values()].map((contract) =>
      subjectOf(contract, contract.scope === 'org' ? org : null),
    );
    expect(new Set(subjects).size).toBe(subjects.length);
    for (const subject of subjects)
      expect(subject).toMatch(/^(rpc|live|evt)\.([0-9a-f-]{36}|self|platform)\.[a-z-]+\.[a-z-]+(\.[a-z-]+)?\.v\d+$/);
  });

  it('lets a message travel without an organization only when it is declared so', () => {
    for (const contract of CATALOG.values()) {
      if (contract.scope === 'org') expect(() => subjectOf(contract, null)).toThrow('travels for one organization');
      else expect(() => subjectOf(contract, org)).toThrow('travels without an organization');
      expect(() => subjectOf(contract, '*')).toThrow(/travels (for one|without an) organization|uuid/i);
    }
  });

  it('keeps answers beside secrets sealed and for a short while, whichever field holds the secret', () => {
    const secret = /password|^(access|refresh)_token$|^secret$|recovery_codes/;
    const holding = [...CATALOG.values()].filter(
      (contract) =>
        contract.kind === 'command' &&
        [...fieldNames(contract.request), ...fieldNames(contract.reply)].some((name) => secret.test(name)),
    );
    expect(holding.length).toBeGreaterThan(6);
    // A refresh token that is handed in to end its session is random, and worth nothing afterwards.
    const open = holding.filter((each) => each.kind === 'command' && !each.holdsSecret && !each.remembersItself);
    expect(open.map(typeOf)).toEqual(['identity.logout.v1']);
  });

  it('asks for a permission on every request of a member', () => {
    const open = [...CATALOG.values()].filter(
      (contract) =>
        contract.kind !== 'event' &&
        contract.scope === 'org' &&
        contract.callers.includes('gateway') &&
        !contract.permission,
    );
    expect(open.map(typeOf)).toEqual([]);
    expect(SERVICES.flatMap((service) => contractsOf(service)).length).toBe(CATALOG.size);
  });
});

/** A message as a later version would write it: with one more field in every object that is a class's. */
function later(type: MessageClass, message: unknown): unknown {
  const grown = ([name, value]: [string, unknown]): [string, unknown] => {
    const facts = allFields(type).get(name);
    const inner = facts && referredClass(innermost(typeof facts.schema === 'function' ? facts.schema() : facts.schema));
    if (!inner) return [name, value];
    return [name, Array.isArray(value) ? value.map((each) => later(inner, each)) : value && later(inner, value)];
  };
  return { ...Object.fromEntries(Object.entries(message as object).map(grown)), of_a_later_version: [{ deep: true }] };
}

function innermost(schema: JsonSchema): JsonSchema {
  const either = schema['anyOf'] as readonly JsonSchema[] | undefined;
  const inner = either?.[0] ?? (schema['items'] as JsonSchema | undefined);
  return inner ? innermost(inner) : schema;
}

describe('golden messages', () => {
  it('exist for every message version, and none is left over', () => {
    expect(goldenNames().sort()).toEqual(
      goldenMessages()
        .map(({ name }) => name)
        .sort(),
    );
  });

  it.each(goldenMessages())('$name parses', ({ name, type }) => {
    const golden = readGolden(name);
    expect(JSON.parse(JSON.stringify(validated(type, golden)))).toEqual(golden);
  });

  it.each(goldenMessages())(
    '$name of a later version is read without what is new in it, at any depth',
    ({ name, type }) => {
      const golden = readGolden(name);
      expect(JSON.parse(JSON.stringify(received(type, later(type, golden))))).toEqual(golden);
    },
  );

  it.each(goldenMessages())('$name with a field nobody knows is refused', ({ name, type }) => {
    expect(() => validated(type, { ...(readGolden(name) as object), org_id: org, unknown_field: 1 })).toThrow(
      'validation_failed',
    );
  });
});

describe('docs/messages.md', () => {
  it('says what the contracts say', () => {
    expect(readFileSync(new URL('../../../docs/messages.md', import.meta.url), 'utf8')).toBe(messageTable());
  });
});

describe('docs/asyncapi.json', () => {
  it('says what the contracts say', () => {
    expect(readFileSync(new URL('../../../docs/asyncapi.json', import.meta.url), 'utf8')).toBe(asyncApiDocument());
  });
});

describe('durable events', () => {
  it('of one thing all go to the same services: a service that took some of them only would wait for the others', () => {
    const consumers = new Map<string, string>();
    for (const contract of CATALOG.values()) {
      if (contract.kind !== 'event' || contract.delivery !== 'durable') continue;
      const key = `${contract.service}.${entityOf(contract)}`;
      expect(contract.consumers.join()).toBe(consumers.get(key) ?? contract.consumers.join());
      consumers.set(key, contract.consumers.join());
    }
    expect(consumers.size).toBeGreaterThan(2);
  });
});
