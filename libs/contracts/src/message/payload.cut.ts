import { allFields, type JsonSchema, type MessageClass, referredClass } from './fields.js';
import { LIST_IN_MAP } from './flat.map.js';

/** Unknown fields of an object that are told; more of them tell nothing more. */
export const MOST_UNKNOWN_REPORTED = 20;

/** What becomes of fields that a class does not have: some are kept, to be refused, or they are left out. */
export type UnknownFields = 'refused' | 'left out';

type Cut = (value: object, unknown: UnknownFields) => unknown;

const emptied: Cut = (value) => (Array.isArray(value) ? [] : {});

interface FieldCut {
  readonly cut: Cut;
  /** Null says of it what leaving it out says, so whoever reads the message need know one of the two. */
  readonly isAbsentAsNull: boolean;
}

const cuts = new WeakMap<MessageClass, ReadonlyMap<string, FieldCut>>();

function cutsOf(type: MessageClass): ReadonlyMap<string, FieldCut> {
  const known = cuts.get(type);
  if (known) return known;
  const made = new Map<string, FieldCut>();
  // Before its fields: a class may hold itself.
  cuts.set(type, made);
  for (const [name, { schema, optional, nullable }] of allFields(type)) {
    const cut = cutOf(typeof schema === 'function' ? schema() : schema);
    made.set(name, { cut, isAbsentAsNull: optional && !nullable });
  }
  return made;
}

function cutOf(schema: JsonSchema): Cut {
  const either = schema['anyOf'] as readonly JsonSchema[] | undefined;
  if (either) return cutOf(either.find(({ type }) => type !== 'null') ?? {});
  const nested = referredClass(schema);
  if (nested) return (value, unknown) => (Array.isArray(value) ? [] : cutTo(nested, value, unknown));
  if (schema['type'] === 'array') {
    const most = Number(schema['maxItems']);
    const cut = cutOf(schema['items'] as JsonSchema);
    return (value, unknown) =>
      Array.isArray(value) ? value.slice(0, most + 1).map((each) => within(cut, each, unknown)) : {};
  }
  return schema['type'] === 'object' ? cutOfMap(Number(schema['maxProperties'])) : emptied;
}

function cutOfMap(most: number): Cut {
  const cutEntry: Cut = (value, unknown) =>
    Array.isArray(value) ? value.slice(0, LIST_IN_MAP + 1).map((each: unknown) => within(emptied, each, unknown)) : {};
  return (value, unknown) =>
    Array.isArray(value)
      ? []
      : Object.fromEntries(
          Object.keys(value)
            .slice(0, most + 1)
            .map((key) => [key, within(cutEntry, (value as Record<string, unknown>)[key], unknown)]),
        );
}

function within(cut: Cut, value: unknown, unknown: UnknownFields): unknown {
  return typeof value === 'object' && value !== null ? cut(value, unknown) : value;
}

/**
 * As much of a payload as its class can hold, and one more of whatever is too many: enough to be refused by the same
 * rules in the same words, whatever its sender made of it. Null in a field that may be left out and cannot be null is
 * left out. What reads every element of a payload comes after this.
 */
export function cutTo(type: MessageClass, payload: object, unknown: UnknownFields): Record<string, unknown> {
  const fields = cutsOf(type);
  const cut: [string, unknown][] = [];
  let others = 0;
  for (const name of Object.keys(payload)) {
    const field = fields.get(name);
    const value = (payload as Record<string, unknown>)[name];
    if (field && value === null && field.isAbsentAsNull) continue;
    if (field) cut.push([name, within(field.cut, value, unknown)]);
    else if (unknown === 'refused' && ++others <= MOST_UNKNOWN_REPORTED) cut.push([name, null]);
  }
  return Object.fromEntries(cut);
}
