import { leadsMessages } from '@apollo/contracts';
import { MOST_CUSTOM_BYTES } from '../../fields/custom.field.rules.js';
import { LONGEST_NAME } from '../csv/csv.headings.js';

/** Characters of what is kept with a lead, and those that it has room for whatever else the lead has. */
const MOST_REMARKS = leadsMessages.CUSTOM_TEXT;
const SURE_REMARKS = 2_000;

/** The lines of what is kept with a lead already. */
export function linesOf(given: unknown): string[] {
  return typeof given === 'string' ? given.slice(0, MOST_REMARKS).split('\n') : [];
}

/**
 * Where the line of each column is that has one: the first that begins with its name, and with no longer one of another.
 *
 * @param kept columns by their names
 */
export function placesOf(lines: readonly string[], kept: object): Map<string, number> {
  const places = new Map<string, number>();
  for (const [at, line] of lines.entries()) {
    for (
      let end = line.lastIndexOf(': ', LONGEST_NAME);
      end >= 0;
      end = end > 0 ? line.lastIndexOf(': ', end - 1) : -1
    ) {
      const name = line.slice(0, end);
      if (!Object.hasOwn(kept, name)) continue;
      if (!places.has(name)) places.set(name, at);
      break;
    }
  }
  return places;
}

/** How many characters of a text may be kept beside what a lead has: they are counted as JSON, which takes up to six bytes for one. */
export function roomFor(text: string, others: Readonly<Record<string, unknown>>): number {
  let room = Math.min(text.length, MOST_REMARKS);
  if (room <= SURE_REMARKS) return room;
  const free = MOST_CUSTOM_BYTES - Buffer.byteLength(JSON.stringify(others));
  const bytes = (): number => Buffer.byteLength(JSON.stringify(text.slice(0, room).toWellFormed()));
  for (let over = bytes() - free; over > 0 && room > SURE_REMARKS; over = bytes() - free)
    room = Math.max(SURE_REMARKS, room - Math.ceil(over / 6));
  return room;
}
