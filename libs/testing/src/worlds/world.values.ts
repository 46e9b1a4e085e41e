import { createHash } from 'node:crypto';

/** Whose a value is: the asker's own, which is the same in both worlds, or somebody else's, which differs. */
export type Whose = 'own' | 'first' | 'second';

/** A column that a runtime role may read. */
export interface WorldColumn {
  readonly name: string;
  /** As `format_type` says it, without a precision: `text`, `bigint`, `timestamp with time zone` … */
  readonly type: string;
  readonly nullable: boolean;
  /**
   * Whether an index holds those rows only in which it says something certain: how many there are is a volume, and no
   * secret.
   */
  readonly counted: boolean;
}

/** How much two worlds may differ in. */
export interface WorldShape {
  /**
   * Null in the same places, and each value as long as the other world's: how long a row takes to be taken apart is no
   * secret.
   */
  readonly sameShape?: boolean;
}

/** Thirty-two bits that depend on all of these. */
function digest(...of: (string | number)[]): number {
  return createHash('sha256').update(of.join('|')).digest().readUInt32BE(0);
}

function uuidOf(...of: (string | number)[]): string {
  const hex = createHash('sha256').update(of.join('|')).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** A letter that comes early in the alphabet in one world and late in the other. */
const LEAD: Readonly<Record<Whose, string>> = { own: 'M', first: 'C', second: 'T' };

/**
 * Whether a two-valued thing about a row (null or not, true or false) is so. Of others, in some columns it is so in all
 * rows of one world and in none of the other, in some in three rows of four and in one, in some in every second row,
 * each the other's opposite: whoever counts, looks for one, or looks at a certain row has something to find.
 * Of the asker's own rows it is so in none, or in one of three.
 */
function holds(table: string, { name, counted }: WorldColumn, row: number, whose: Whose): boolean {
  const kind = counted ? 4 : digest(table, name, 'holds') % 6;
  if (whose === 'own') return kind > 2 && row % 3 === 0;
  const inFirst = kind < 2 || (kind < 4 ? row % 4 !== 0 : row % 2 === 0);
  const turned = kind % 2 === 1;
  return (inFirst !== turned) === (whose === 'first');
}

/**
 * The value of a column in a row, as an SQL literal with its type. Two values of different owners are never equal,
 * except that there are only two booleans, and that null is null. In worlds of one shape every boolean is true in the
 * first one only.
 */
export function literalOf(
  column: WorldColumn,
  table: string,
  row: number,
  whose: Whose,
  { sameShape = false }: WorldShape = {},
): string {
  const { name, type, nullable } = column;
  const seed = digest(table, name, row, whose);
  if (nullable && (sameShape ? row % 4 === 3 : holds(table, column, row, whose))) return `null::${type}`;
  const spread = { own: 5_000, first: 1_000, second: 9_000 }[whose] + row * 70 + (seed % 70);
  switch (type) {
    case 'uuid':
      return `'${uuidOf(table, name, row, whose)}'::uuid`;
    case 'boolean':
      return `${sameShape ? whose === 'first' : holds(table, column, row, whose)}`;
    case 'integer':
    case 'bigint':
    case 'smallint':
    case 'numeric':
      return `${spread}::${type}`;
    case 'date':
      return `(date '2000-01-01' + ${spread})`;
    case 'timestamp with time zone':
      return `(timestamptz '2000-01-01 00:00:00Z' + interval '${spread} hours')`;
    case 'jsonb':
      return `'{"k": "${LEAD[whose]}${seed}"}'::jsonb`;
    case 'bytea':
      return `'\\x${seed.toString(16).padStart(8, '0')}'::bytea`;
    case 'text[]':
      return `array['${LEAD[whose]}${seed}', null]`;
    case 'text':
      return `'${LEAD[whose]}${String(seed).padStart(10, '0')}'::text`;
    case 'tsvector':
      return `'${LEAD[whose]}${String(seed).padStart(10, '0')}'::tsvector`;
    default:
      throw new Error(`${table}.${name} is of type ${type}, for which the two worlds have no values yet`);
  }
}
