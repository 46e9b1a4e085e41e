import { CATALOG } from './catalog.js';
import { sampleOf } from './golden/golden.samples.js';
import { DomainError } from './message/errors.js';
import { type JsonSchema, type MessageClass, referredClasses, schemaOf } from './message/fields.js';
import { validated } from './message/validation.js';

/*
 * Every text of every message: of requests, which are the bodies and queries of HTTP, of answers, and of events.
 * Whoever adds a field that takes what nobody sees finds it here, or says in this list why it may.
 */

/**
 * Fields that no rule of text is for. A secret is compared, never shown; a password is put in one form where it is
 * hashed.
 */
const SECRETS: Readonly<Record<string, string>> = {
  'LoginRequest.password': 'checked in the form it was hashed in',
  'ActivateRequest.password': 'hashed in one form',
  'ResetPasswordRequest.password': 'hashed in one form',
  'InvitedAccountRequest.password': 'hashed in one form',
  'AcceptAsNewRequest.password': 'hashed in one form',
  'EnrollTotpRequest.password': 'checked in the form it was hashed in',
  'TokenPair.access_token': 'made here, opaque to whoever has it',
  'TokenPair.refresh_token': 'made here, opaque to whoever has it',
  'RefreshRequest.refresh_token': 'compared byte by byte',
  'LogoutRequest.refresh_token': 'compared byte by byte',
  'ActivateRequest.token': 'compared byte by byte',
  'ResetPasswordRequest.token': 'compared byte by byte',
  'InvitationTokenRequest.token': 'compared byte by byte',
  'AcceptAsNewRequest.token': 'compared byte by byte',
};

/** Fields of several lines, or of what is compared to the blank. */
const LINES = [
  'AddNoteRequest.text',
  'CorrectFactRequest.text',
  'CountLeadsRequest.field_is',
  'CountLeadsRequest.tag',
  'CreateOrgRequest.description',
  'CreatePersonaRequest.instructions',
  'DocumentPassage.text',
  'ExportLeadsRequest.field_is',
  'ExportLeadsRequest.tag',
  'Fact.text',
  'FoundPassage.snippet',
  'FoundPassage.text',
  'ListLeadsRequest.field_is',
  'ListLeadsRequest.tag',
  'NoteFactRequest.text',
  'Organization.description',
  'Persona.instructions',
  'PersonaVersion.instructions',
  'PostMessageRequest.text',
  'Run.answer',
  'Run.text',
  'RunEntry.arguments',
  'RunEntry.result',
  'RunEntry.text',
  'RunTrace.answer',
  'RunTrace.text',
  'StreamedEvent.body',
  'UpdateOrgRequest.description',
  'UpdatePersonaRequest.instructions',
  'WrittenEvent.body',
];

const BLANKS: Readonly<Record<string, string>> = {
  blank: ' ',
  tab: '\t',
  'line break': '\n',
  'no-break space': '\u00a0',
  'em space': '\u2003',
  'ideographic space': '\u3000',
  'line separator': '\u2028',
};
const INVISIBLE: Readonly<Record<string, string>> = {
  'zero width space': '\u200b',
  'zero width non-joiner': '\u200c',
  'zero width joiner': '\u200d',
  'word joiner': '\u2060',
  'invisible times': '\u2062',
  'byte order mark': '\ufeff',
  'soft hyphen': '\u00ad',
  'combining grapheme joiner': '\u034f',
  'Mongolian vowel separator': '\u180e',
  'Hangul filler': '\u3164',
  'half width Hangul filler': '\uffa0',
  'Hangul initial filler': '\u115f',
  'braille blank': '\u2800',
  'variation selector': '\ufe0f',
  'a tag': '\u{e0041}',
};
const TURNING = [...'\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069'];
const BROKEN = ['\u0000', '\ud800', '\udfff', '\u001b', '\u0085'];

type Kind = 'text' | 'list' | 'map';

/** One field that holds text, by the class it stands in. */
interface TextPlace {
  readonly name: string;
  readonly type: MessageClass;
  readonly field: string;
  readonly kind: Kind;
  readonly schema: JsonSchema;
}

function classesOfCatalog(): MessageClass[] {
  const found = new Set<MessageClass>();
  const add = (type: MessageClass): void => {
    if (found.has(type)) return;
    found.add(type);
    for (const [, name] of JSON.stringify(schemaOf(type)).matchAll(/#\/components\/schemas\/(\w+)/g))
      add(referredClasses().get(String(name)) as MessageClass);
  };
  for (const contract of CATALOG.values()) {
    add(contract.request);
    if (contract.kind !== 'event') add(contract.reply);
  }
  return [...found];
}

function kindOf(schema: JsonSchema): Kind | undefined {
  if (schema['type'] === 'string') return 'text';
  if (schema['type'] === 'object') return 'map';
  return schema['type'] === 'array' && (schema['items'] as JsonSchema)['type'] === 'string' ? 'list' : undefined;
}

const places: TextPlace[] = classesOfCatalog().flatMap((type) =>
  Object.entries(schemaOf(type)['properties'] as Record<string, JsonSchema>).flatMap(([field, declared]) => {
    const schema = Array.isArray(declared['anyOf']) ? (declared['anyOf'][0] as JsonSchema) : declared;
    const kind = kindOf(schema);
    return kind ? [{ name: `${type.name}.${field}`, type, field, kind, schema }] : [];
  }),
);

/** A message of the place's class with one text in it, as it was and as it came out; undefined where it was refused. */
function through({ type, field, kind }: TextPlace, text: string): { given: unknown; taken: unknown } | undefined {
  const given = kind === 'text' ? text : kind === 'list' ? [text] : { note: text, listed: [text] };
  try {
    const message: unknown = validated(type, { ...sampleOf(type), [field]: given });
    return { given, taken: (message as Record<string, unknown>)[field] };
  } catch (error) {
    if (error instanceof DomainError && error.fields?.every((each) => each.field === field)) return undefined;
    throw error;
  }
}

/** A text that the place takes, with another in its middle. */
function amid({ type, field, kind, schema }: TextPlace, text: string): string {
  const sample = sampleOf(type)[field];
  const whole = kind === 'text' ? String(sample) : 'text';
  const middle = schema['format'] === 'uri' ? whole.length - 2 : Math.floor(whole.length / 2);
  return whole.slice(0, middle) + text + whole.slice(middle + text.length);
}

function refused(taken: () => unknown): boolean {
  try {
    taken();
    return false;
  } catch (error) {
    return error instanceof DomainError && error.code === 'validation_failed';
  }
}

const shown = places.filter(({ name }) => !(name in SECRETS));
const taking = (from: readonly TextPlace[], text: (place: TextPlace) => string): string[] =>
  from.filter((place) => through(place, text(place)) !== undefined).map(({ name }) => name);

describe('every text of every message', () => {
  it('is looked at, and takes what it is an example of', () => {
    expect(places.length).toBeGreaterThan(200);
    for (const place of places) {
      if (place.kind !== 'text') continue;
      const sample = String(sampleOf(place.type)[place.field]);
      expect([place.name, through(place, sample)?.taken]).toEqual([place.name, sample]);
    }
  });

  it.each(Object.entries({ ...BLANKS, ...INVISIBLE }))('is refused where nothing of it is seen: %s', (_name, text) => {
    // What a map may hold is said by whoever reads it: a custom field by its kind, a mapping by its targets. A tab is a
    // word of one closed list.
    const said = shown.filter(({ kind, schema }) => kind !== 'map' && !schema['enum']);
    const filled = ({ schema }: TextPlace): string => text.repeat(Number(schema['minLength'] ?? 1));
    expect(taking(said, filled)).toEqual([]);
  });

  it.each(TURNING)('is refused with what turns the direction of text: %j', (turn) => {
    expect(taking(shown, (place) => amid(place, turn))).toEqual([]);
  });

  it('is refused with more marks in a row than any writing has', () => {
    expect(taking(shown, (place) => amid(place, `a${'\u0301\u0327'.repeat(16)}`))).toEqual([]);
  });

  it.each(BROKEN)('is refused with what no program keeps, secret or not: %j', (broken) => {
    expect(taking(places, (place) => amid(place, broken))).toEqual([]);
  });

  it('comes out in one form', () => {
    let formed = 0;
    for (const place of shown) {
      const passed = through(place, amid(place, 'e\u0301'));
      if (!passed) continue;
      formed += 1;
      const expected = JSON.parse(JSON.stringify(passed.given).normalize('NFC')) as unknown;
      expect([place.name, passed.taken]).toEqual([place.name, expected]);
    }
    expect(formed).toBeGreaterThan(100);
  });

  it('of one line comes out without the blanks around it', () => {
    const kept = shown.filter((place) => {
      // An option of a select is what the leads that hold it say, to the blank.
      if (place.kind !== 'text') return false;
      // An address with blanks is refused, as a word is that is none of a list.
      return /\s$/.test(String(through(place, `${String(sampleOf(place.type)[place.field])} `)?.taken));
    });
    expect(kept.map(({ name }) => name).sort()).toEqual(LINES);
  });

  it('is taken by a map under no name that turns, is broken or is in another form', () => {
    const maps = places.filter(({ kind }) => kind === 'map');
    expect(maps.length).toBeGreaterThan(10);
    for (const { name, type, field } of maps) {
      const named = (key: string): unknown => {
        const message: unknown = validated(type, { ...sampleOf(type), [field]: { [key]: 'x' } });
        return (message as Record<string, unknown>)[field];
      };
      for (const key of [...TURNING, ...BROKEN])
        expect([name, key, refused(() => named(`a${key}b`))]).toEqual([name, key, true]);
      expect([name, named('e\u0301')]).toEqual([name, { é: 'x' }]);
    }
  });

  it('is refused as an address of mail or of a page with anything in it that is not seen', () => {
    const addresses = places.filter(({ schema }) => ['email', 'uri'].includes(String(schema['format'])));
    expect(addresses.length).toBeGreaterThan(10);
    for (const unseen of Object.values({ ...BLANKS, ...INVISIBLE }))
      expect(taking(addresses, (place) => amid(place, unseen))).toEqual([]);
  });

  it('is an address of mail wherever a request takes one', () => {
    const requests = new Set([...CATALOG.values()].map(({ request }) => request));
    const named = places.filter(({ field, type }) => field.includes('email') && requests.has(type));
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter(({ schema }) => schema['format'] !== 'email').map(({ name }) => name)).toEqual([]);
  });

  it('is free of rules for a reason only', () => {
    const free = places.filter((place) => through(place, amid(place, '\u202e')) !== undefined);
    expect(free.map(({ name }) => name).sort()).toEqual(Object.keys(SECRETS).sort());
  });
});
