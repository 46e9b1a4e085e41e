import { CATALOG } from '../catalog.js';
import { typeOf } from '../message/contract.js';
import { type JsonSchema, referredClasses, schemaOf } from '../message/fields.js';
import { contractChanges, type ReleasedContract, releasedContract } from './contract.comparison.js';
import { goldenMessages } from './golden.files.js';

/** Every contract of a version, its messages and the classes within them as JSON Schema. */
export interface ReleasedContracts {
  /** By type. */
  readonly contracts: Readonly<Record<string, ReleasedContract>>;
  /** By `<type>.request` or `<type>.reply`. */
  readonly messages: Readonly<Record<string, JsonSchema>>;
  /** By class name, where a `$ref` finds it. */
  readonly classes: Readonly<Record<string, JsonSchema>>;
}

/** What a version says differently about a field than the one before. */
export type Change =
  /** It has to be there, and had not. */
  | 'required'
  /** It may be missing, and might not. */
  | 'optional'
  | 'gone'
  /** What was right may be wrong. */
  | 'narrower'
  /** What was wrong may be right. */
  | 'wider';

/** The contracts of this checkout. */
export function contractsNow(): ReleasedContracts {
  const contracts = Object.fromEntries([...CATALOG.values()].map((each) => [typeOf(each), releasedContract(each)]));
  const messages = Object.fromEntries(goldenMessages().map(({ name, type }) => [name, schemaOf(type)]));
  // A class is known once a schema refers to it, which its own may do again.
  const classes: Record<string, JsonSchema> = {};
  for (let before = -1; before < referredClasses().size;) {
    before = referredClasses().size;
    for (const [name, type] of [...referredClasses()].sort()) classes[name] = schemaOf(type);
  }
  return { contracts, messages, classes };
}

/**
 * Changes that one of two versions could not take.
 *
 * A request is of the older version where they differ, for services are deployed before those who ask them: what it
 * says has to be right and heeded. A reply may be read by an older version. An event may be older than who takes it,
 * for it stays in the record, and newer, for those outside and those who are replaced late read it too.
 */
const REFUSED: Readonly<Record<'request' | 'reply' | 'event', readonly Change[]>> = {
  request: ['required', 'gone', 'narrower'],
  reply: ['optional', 'gone', 'wider'],
  event: ['required', 'optional', 'gone', 'narrower', 'wider'],
};

/**
 * What the contracts of a version say that programs of the version before could not read, or that it could not read of
 * theirs: `<message> <field>: <change>`, `<type> <what>: <change>`. None, for two versions that may run beside each
 * other.
 */
export function breakingChanges(before: ReleasedContracts, after: ReleasedContracts): string[] {
  return [...contractsChanged(before, after), ...messagesChanged(before, after)];
}

function contractsChanged(before: ReleasedContracts, after: ReleasedContracts): string[] {
  return Object.entries(before.contracts).flatMap(([type, contract]) => {
    const now = after.contracts[type];
    return now ? contractChanges(contract, now).map((change) => `${type} ${change}`) : [`${type}: gone`];
  });
}

function messagesChanged(before: ReleasedContracts, after: ReleasedContracts): string[] {
  return Object.entries(before.messages).flatMap(([name, schema]) => {
    const now = after.messages[name];
    if (!now) return [`${name}: gone`];
    const refused = REFUSED[readingOf(name, before)];
    return changes({ schema, of: before }, { schema: now, of: after }, '', [])
      .filter(({ change }) => refused.includes(change))
      .map(({ path, change }) => `${name} ${path}: ${change}`);
  });
}

function readingOf(name: string, { contracts }: ReleasedContracts): keyof typeof REFUSED {
  if (name.endsWith('.reply')) return 'reply';
  return contracts[name.replace(/\.request$/, '')]?.kind === 'event' ? 'event' : 'request';
}

interface Side {
  readonly schema: JsonSchema;
  readonly of: ReleasedContracts;
}

interface Found {
  readonly path: string;
  readonly change: Change;
}

const LEAST = ['minimum', 'minLength', 'minItems', 'minProperties'];
const MOST = ['maximum', 'maxLength', 'maxItems', 'maxProperties'];
/** Of what only sameness can be judged. */
const SAME = ['type', 'pattern', 'format', 'const', 'uniqueItems'];
/** What is compared in a way of its own. */
const OTHERWISE = ['$ref', 'anyOf', 'nullable', 'enum', 'required', 'properties', 'items', 'additionalProperties'];

/** The words of a schema that are compared. */
export const COMPARED: readonly string[] = [...LEAST, ...MOST, ...SAME, ...OTHERWISE];

function changes(before: Side, after: Side, path: string, within: readonly string[]): Found[] {
  const [old, now] = [resolved(before), resolved(after)];
  // A class that holds itself was compared where it was met first.
  if (old.name !== undefined && within.includes(old.name)) return [];
  const seen = old.name === undefined ? within : [...within, old.name];
  const inner = (key: string, at = path): Found[] =>
    old.schema[key] === undefined && now.schema[key] === undefined
      ? []
      : changes(
          { schema: (old.schema[key] ?? {}) as JsonSchema, of: before.of },
          { schema: (now.schema[key] ?? {}) as JsonSchema, of: after.of },
          at,
          seen,
        );
  return [
    ...ruleChanges(old.schema, now.schema, path),
    ...fieldChanges({ ...before, schema: old.schema }, { ...after, schema: now.schema }, path, seen),
    ...inner('items', `${path}[]`),
    ...(typeof (old.schema['additionalProperties'] ?? false) === 'object'
      ? inner('additionalProperties', `${path}.*`)
      : []),
  ];
}

/** The schema itself, without what only says that it may be null. */
function resolved({ schema, of }: Side): { schema: JsonSchema; name?: string } {
  const either = schema['anyOf'] as readonly JsonSchema[] | undefined;
  if (either) {
    const { schema: inner, name } = resolved({ schema: either.find(({ type }) => type !== 'null') ?? {}, of });
    return { schema: { ...inner, nullable: true }, ...(name !== undefined && { name }) };
  }
  const reference = schema['$ref'];
  if (typeof reference !== 'string') return { schema };
  const name = reference.slice(reference.lastIndexOf('/') + 1);
  return { schema: of.classes[name] ?? {}, name };
}

function ruleChanges(old: JsonSchema, now: JsonSchema, path: string): Found[] {
  const found: Change[] = [];
  const bound = (key: string, isNarrower: (was: number, is: number) => boolean, none: number): void => {
    const [was, is] = [Number(old[key] ?? none), Number(now[key] ?? none)];
    if (was !== is) found.push(isNarrower(was, is) ? 'narrower' : 'wider');
  };
  for (const key of LEAST) bound(key, (was, is) => is > was, -Infinity);
  for (const key of MOST) bound(key, (was, is) => is < was, Infinity);
  for (const key of SAME) if (JSON.stringify(old[key]) !== JSON.stringify(now[key])) found.push('narrower', 'wider');
  if (Boolean(old['nullable']) !== Boolean(now['nullable'])) found.push(now['nullable'] ? 'wider' : 'narrower');
  found.push(...wordChanges(old['enum'] as unknown[] | undefined, now['enum'] as unknown[] | undefined));
  return [...new Set(found)].map((change) => ({ path, change }));
}

function wordChanges(old: readonly unknown[] | undefined, now: readonly unknown[] | undefined): Change[] {
  if (!old || !now) return old ? ['wider'] : now ? ['narrower'] : [];
  const isLacking = (words: readonly unknown[], of: readonly unknown[]) => of.some((word) => !words.includes(word));
  return [...(isLacking(now, old) ? ['narrower' as const] : []), ...(isLacking(old, now) ? ['wider' as const] : [])];
}

function fieldChanges(before: Side, after: Side, path: string, within: readonly string[]): Found[] {
  const [old, now] = [fieldsOf(before.schema), fieldsOf(after.schema)];
  const at = (name: string): string => (path === '' ? name : `${path}.${name}`);
  const found: Found[] = [];
  for (const name of new Set([...old.keys(), ...now.keys()])) {
    const [was, is] = [old.get(name), now.get(name)];
    if (is?.required && !was?.required) found.push({ path: at(name), change: 'required' });
    if (was?.required && is && !is.required) found.push({ path: at(name), change: 'optional' });
    if (was && !is) found.push({ path: at(name), change: 'gone' });
    if (was && is)
      found.push(
        ...changes({ schema: was.schema, of: before.of }, { schema: is.schema, of: after.of }, at(name), within),
      );
  }
  return found;
}

function fieldsOf(schema: JsonSchema): Map<string, { schema: JsonSchema; required: boolean }> {
  const required = (schema['required'] ?? []) as readonly string[];
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>;
  return new Map(
    Object.entries(properties).map(([name, each]) => [name, { schema: each, required: required.includes(name) }]),
  );
}
