import { type JsonSchema, LIST_IN_MAP, referredClass, schemaOf } from '@apollo/contracts';

/** What a JSON body takes at most. */
export interface BodyRoom {
  readonly bytes: number;
  /** Objects, lists, keys and further values: what makes work of a body, a megabyte of which may hold half a million. */
  readonly pieces: number;
}

/** Room that every body has: of fields that nobody knows, and of lists that are too long, its sender is told. */
export const LEAST_ROOM: BodyRoom = { bytes: 65_536, pieces: 1_000 };

/** Pieces of any body at most: a saved mapping with options of every column has 22,000, a lead with every custom field half of that. */
const MOST_PIECES = 25_000;

/** Bytes of a character of a text at most: six units become one in the one form, each of which may be written `\u0041`. */
const CHARACTER_BYTES = 36;
/** Characters of a text of a known shape: an id, a moment, a phone number. */
const SHAPED = 100;
/** Bytes of a number, and of a key with its quotes; there is blank space, too. */
const SCALAR_BYTES = 100;
/** Classes within each other; one that holds itself has no bound of its own. */
const MOST_LEVELS = 12;

const UNBOUNDED: BodyRoom = { bytes: Infinity, pieces: Infinity };

/** Room for the fields of an object: all that they can hold, and somewhat more. */
export function roomFor(fields: Readonly<Record<string, JsonSchema>>): BodyRoom {
  const { bytes, pieces } = objectRoom(fields, MOST_LEVELS);
  return { bytes: bytes + LEAST_ROOM.bytes, pieces: Math.min(pieces + LEAST_ROOM.pieces, MOST_PIECES) };
}

/** Room for either of two bodies. */
export function eitherRoom(one: BodyRoom, other: BodyRoom): BodyRoom {
  return { bytes: Math.max(one.bytes, other.bytes), pieces: Math.max(one.pieces, other.pieces) };
}

function objectRoom(fields: Readonly<Record<string, JsonSchema>>, levels: number): BodyRoom {
  if (levels === 0) return UNBOUNDED;
  const rooms = Object.values(fields).map((schema) => valueRoom(schema, levels - 1));
  return {
    bytes: rooms.reduce((sum, { bytes }) => sum + SCALAR_BYTES + bytes, 0),
    // A brace, and a colon and a comma of each.
    pieces: rooms.reduce((sum, { pieces }) => sum + 2 + pieces, 1),
  };
}

function valueRoom(schema: JsonSchema, levels: number): BodyRoom {
  const either = schema['anyOf'] as readonly JsonSchema[] | undefined;
  if (either) return either.map((each) => valueRoom(each, levels)).reduce(eitherRoom);
  const nested = referredClass(schema);
  if (nested) return objectRoom(schemaOf(nested)['properties'] as Record<string, JsonSchema>, levels);
  if (schema['type'] === 'array') {
    const one = valueRoom(schema['items'] as JsonSchema, levels);
    const most = Number(schema['maxItems']);
    return { bytes: most * (one.bytes + 1), pieces: 1 + most * (one.pieces + 1) };
  }
  // How long its texts may be, a map's schema does not say.
  if (schema['type'] === 'object')
    return { bytes: Infinity, pieces: 1 + Number(schema['maxProperties']) * (LIST_IN_MAP + 3) };
  if (schema['type'] !== 'string') return { bytes: SCALAR_BYTES, pieces: 0 };
  const isShaped = ['format', 'pattern', 'enum'].some((word) => word in schema);
  const most = Number(schema['maxLength'] ?? (isShaped ? SHAPED : Infinity));
  return { bytes: most * CHARACTER_BYTES, pieces: 0 };
}
