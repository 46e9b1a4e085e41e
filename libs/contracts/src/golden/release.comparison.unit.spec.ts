import type { JsonSchema } from '../message/fields.js';
import { breakingChanges, COMPARED, contractsNow, type ReleasedContracts } from './release.comparison.js';
import { readReleased } from './released.file.js';

const REQUEST = {
  type: 'object',
  additionalProperties: false,
  required: ['name'],
  properties: {
    name: { type: 'string', minLength: 1, maxLength: 10 },
    state: { enum: ['new', 'done'] },
    count: { type: 'integer', minimum: 0, maximum: 5 },
    parts: { type: 'array', maxItems: 3, items: { $ref: '#/components/schemas/Part' } },
    note: { anyOf: [{ type: 'string', maxLength: 5 }, { type: 'null' }] },
    labels: { type: 'object', maxProperties: 3, additionalProperties: { type: 'string', maxLength: 4 } },
  },
};
const PART = {
  type: 'object',
  additionalProperties: false,
  required: ['id'],
  properties: {
    id: { type: 'string', pattern: '^x' },
    parts: { type: 'array', items: { $ref: '#/components/schemas/Part' } },
  },
};

const asked = { kind: 'query', scope: 'org', callers: ['gateway'] };
const told = { kind: 'event', scope: 'org', consumers: ['leads'], delivery: 'durable' };
const version = (request: object = REQUEST, part: object = PART): ReleasedContracts => ({
  contracts: { x: asked, e: told },
  messages: { 'x.request': request as never, 'x.reply': request as never, 'e.request': request as never },
  classes: { Part: part as never },
});

/** REQUEST with other rules for some fields; `null` takes a field away. */
function withFields(
  fields: Readonly<Record<string, object | null>>,
  required: readonly string[] = REQUEST.required,
): object {
  const properties = Object.entries({ ...REQUEST.properties, ...fields }).filter(([, field]) => field !== null);
  return { ...REQUEST, required, properties: Object.fromEntries(properties) };
}

/** Words of a schema that only people read. */
const SAYING_NOTHING = ['description', 'examples'];

const PASSED_ON = 'only people read it: the gateway passes it on as it is';
const WITHOUT_GRANT = 'leads does it without a grant as well, and the gateway that sends one is deployed after it';

const NEW_SERVICE = 'agents is new: no replica of before finds the bus more open to it than it knows';

const WITHOUT_RUNS =
  'the release before has no runs: one of this release rests for as long as a replica of before does not hear it';
const ASKED_BY_RUNS = [
  'billing-stars.get-balance',
  'leads.add-note',
  'leads.count-leads',
  'leads.create-lead',
  'leads.get-lead',
  'leads.list-leads',
  'leads.list-pipelines',
  'leads.move-lead',
  'leads.update-lead',
  'orgs.list-members',
];

/** What a version before could not take, and why that is agreed. */
const AGREED: Readonly<Record<string, string>> = {
  'leads.finish-import.v1 delegates: changed': WITHOUT_GRANT,
  'leads.undo-import.v1 delegates: changed': WITHOUT_GRANT,
  'orgs.list-entity-events.v1 callers: with agents': NEW_SERVICE,
  'orgs.list-event-heads.v1 callers: with agents': NEW_SERVICE,
  ...Object.fromEntries(ASKED_BY_RUNS.map((asked) => [`${asked}.v1 callers: with agents`, WITHOUT_RUNS])),
  ...passedOn([
    'finish-import.v1.reply encoding',
    'get-import.v1.reply encoding',
    'list-import-mappings.v1.reply items[].encoding',
    'list-imports.v1.reply items[].encoding',
    'preview-import.v1.reply encoding',
    'save-import-mapping.v1.reply encoding',
    'start-import.v1.reply encoding',
    'undo-import.v1.reply encoding',
    'finish-import.v1.reply status',
    'get-import.v1.reply status',
    'list-imports.v1.reply items[].status',
    'start-import.v1.reply status',
    'undo-import.v1.reply status',
  ]),
};

function passedOn(fields: readonly string[]): Record<string, string> {
  return Object.fromEntries(fields.map((field) => [`leads.${field}: wider`, PASSED_ON]));
}

describe('the contracts of two versions that run beside each other', () => {
  it.each([
    ['one more optional field', version(withFields({ more: { type: 'string' } }))],
    [
      'one more optional field within a part',
      version(REQUEST, { ...PART, properties: { ...PART.properties, more: {} } }),
    ],
    ['one more message', { ...version(), messages: { ...version().messages, 'y.request': REQUEST } }],
    [
      'the fields in another order',
      version({ ...REQUEST, properties: Object.fromEntries(Object.entries(REQUEST.properties).reverse()) }),
    ],
  ])('may differ in %s', (_, after) => {
    expect(breakingChanges(version(), after)).toEqual([]);
  });

  it.each([
    [
      'a message that is gone',
      { ...version(), messages: { 'x.request': REQUEST, 'e.request': REQUEST } },
      ['x.reply: gone'],
    ],
    ['a contract that is gone', { ...version(), contracts: { x: asked } }, ['e: gone']],
    [
      'who asks',
      { ...version(), contracts: { x: { ...asked, callers: ['gateway', 'leads'] }, e: told } },
      ['x callers: with leads'],
    ],
    [
      'one more field that has to be there',
      version(withFields({ more: {} }, ['name', 'more'])),
      ['x.request more: required', 'e.request more: required'],
    ],
    [
      'a field that has to be there now',
      version(withFields({}, ['name', 'note'])),
      ['x.request note: required', 'e.request note: required'],
    ],
    [
      'a field that may be missing',
      version(withFields({}, [])),
      ['x.reply name: optional', 'e.request name: optional'],
    ],
    [
      'a field that is gone',
      version(withFields({ state: null })),
      ['x.request state: gone', 'x.reply state: gone', 'e.request state: gone'],
    ],
    [
      'a shorter text',
      version(withFields({ name: { ...REQUEST.properties.name, maxLength: 9 } })),
      ['x.request name: narrower', 'e.request name: narrower'],
    ],
    [
      'a longer text',
      version(withFields({ name: { ...REQUEST.properties.name, maxLength: 11 } })),
      ['x.reply name: wider', 'e.request name: wider'],
    ],
    [
      'a text with a bound',
      version(withFields({ name: { type: 'string', minLength: 2, maxLength: 10 } })),
      ['x.request name: narrower', 'e.request name: narrower'],
    ],
    [
      'a smaller least',
      version(withFields({ count: { type: 'integer', minimum: -1, maximum: 5 } })),
      ['x.reply count: wider', 'e.request count: wider'],
    ],
    [
      'one more word',
      version(withFields({ state: { enum: ['new', 'done', 'lost'] } })),
      ['x.reply state: wider', 'e.request state: wider'],
    ],
    [
      'one word less',
      version(withFields({ state: { enum: ['new'] } })),
      ['x.request state: narrower', 'e.request state: narrower'],
    ],
    [
      'any word',
      version(withFields({ state: { type: 'string' } })),
      ['x.request state: narrower', 'x.reply state: wider', 'e.request state: narrower', 'e.request state: wider'],
    ],
    [
      'another type',
      version(withFields({ count: { type: 'string' } })),
      ['x.request count: narrower', 'x.reply count: wider', 'e.request count: narrower', 'e.request count: wider'],
    ],
    [
      'a field that may not be null',
      version(withFields({ note: { type: 'string', maxLength: 5 } })),
      ['x.request note: narrower', 'e.request note: narrower'],
    ],
    [
      'a field that may be null',
      version(withFields({ name: { anyOf: [REQUEST.properties.name, { type: 'null' }] } })),
      ['x.reply name: wider', 'e.request name: wider'],
    ],
    [
      'a longer list',
      version(withFields({ parts: { ...REQUEST.properties.parts, maxItems: 4 } })),
      ['x.reply parts: wider', 'e.request parts: wider'],
    ],
    [
      'another pattern in a part',
      version(REQUEST, {
        ...PART,
        properties: { id: { type: 'string', pattern: '^y' }, parts: PART.properties.parts },
      }),
      [
        'x.request parts[].id: narrower',
        'x.reply parts[].id: wider',
        'e.request parts[].id: narrower',
        'e.request parts[].id: wider',
      ],
    ],
    [
      'shorter texts of a map',
      version(
        withFields({
          labels: { ...REQUEST.properties.labels, additionalProperties: { type: 'string', maxLength: 3 } },
        }),
      ),
      ['x.request labels.*: narrower', 'e.request labels.*: narrower'],
    ],
  ])('may not differ in %s', (_, after, found) => {
    expect(breakingChanges(version(), after).toSorted()).toEqual(found.toSorted());
  });

  it('are compared by every word that their schemas have', () => {
    const words = new Set<string>();
    const collect = (schema: JsonSchema): void => {
      for (const [word, value] of Object.entries(schema)) {
        words.add(word);
        if (word === 'properties') Object.values(value as Record<string, JsonSchema>).forEach(collect);
        else
          for (const each of [value].flat()) if (typeof each === 'object' && each !== null) collect(each as JsonSchema);
      }
    };
    const { messages, classes } = contractsNow();
    [...Object.values(messages), ...Object.values(classes)].forEach(collect);
    expect([...words].filter((word) => !COMPARED.includes(word) && !SAYING_NOTHING.includes(word))).toEqual([]);
  });

  it('are those of the last release and of this checkout', () => {
    const released = readReleased();
    expect(Object.keys(released.messages).length).toBeGreaterThan(200);
    expect(Object.keys(released.contracts).length).toBeGreaterThan(100);
    const changes = breakingChanges(released, contractsNow());
    expect(changes.filter((change) => !Object.hasOwn(AGREED, change))).toEqual([]);
    // What is no difference any more needs no agreement.
    expect(Object.keys(AGREED).filter((change) => !changes.includes(change))).toEqual([]);
  });
});
