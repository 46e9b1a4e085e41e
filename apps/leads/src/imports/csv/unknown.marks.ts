import { DomainError } from '@apollo/contracts';
import { targetNamed } from '../plan/heading.words.js';

/** A mark that separates cells in files of some programs, and is none that is known here. */
interface Mark {
  /** As it is told. */
  readonly name: string;
  readonly shape: RegExp;
  /** Whether text seldom has it: a heading of three cells is enough. */
  readonly isRare?: boolean;
  /** Whether cells have it as well: those of a line may be more than the heading has. */
  readonly isWithin?: boolean;
}

const named = (mark: string, isRare = false): Mark => ({
  name: JSON.stringify(mark),
  shape: new RegExp(mark.replace(/[\\^*.|]/g, '\\$&'), 'u'),
  isRare,
});

const MARKS: readonly Mark[] = [
  ...['^', '~', '\u00a6', '\u00a7', '\u0001', '\u001f', '#'].map((mark) => named(mark, true)),
  ...[':', '*', '/', '\\', '=', '!', '&', '\u2022', '\u00b7'].map((mark) => named(mark)),
  { name: 'several blanks', shape: /(?<![ \u00a0])[ \u00a0]{2,}/u },
  { name: 'blanks', shape: /[ \u00a0]/u, isWithin: true },
];
const KNOWN_MARK = /[,;\t|]/;
const MANY = 2;
/** Lines that are looked at, and cells of a heading: text of a sentence has more words. */
const LINES = 20;
const MOST_CELLS = 60;
const LINKS = /\b[a-z]{2,8}:\/\/\S*/giu;

/** @throws DomainError `invalid_csv` for lines whose cells are separated by a mark that is not known. @param isCut whether the last one may break off */
export function assertKnownMark(text: string, isCut: boolean): void {
  const lines = text.split(/\r\n|\n|\r/, LINES + 1);
  if (isCut || lines.length > LINES) lines.pop();
  const [heading = '', ...others] = lines.filter((line) => line.trim() !== '').map((line) => line.trim());
  if (KNOWN_MARK.test(heading)) return;
  const mark = MARKS.find((each) => isSeparated(each, heading, others));
  if (mark !== undefined)
    throw new DomainError(
      'invalid_csv',
      `The cells of line 1 seem to be separated by ${mark.name}. Known are comma, semicolon, tab and |; save the list with one of them and send it again.`,
    );
}

/** Whether a mark separates a heading that is several ones, and the lines below it alike. */
function isSeparated(
  { shape, isRare = false, isWithin = false }: Mark,
  heading: string,
  lines: readonly string[],
): boolean {
  const cells = heading
    .replace(LINKS, 'x')
    .split(shape, MOST_CELLS)
    .map((cell) => cell.trim());
  if (cells.length < MANY || cells.length === MOST_CELLS) return false;
  if (isRare && cells.length > MANY) return true;
  if (cells.some((cell) => cell === '') || targetNamed(heading) !== undefined) return false;
  // A link has marks of its own, and may have those of the file.
  const counts = lines.map((line) => [line, line.replace(LINKS, 'x')].map((each) => each.split(shape).length));
  const isEven = counts.every((each) =>
    each.some((count) => count === cells.length || (isWithin && count > cells.length)),
  );
  if (lines.length === 0 || !isEven) return false;
  const targets = cells.map(targetNamed);
  const known = new Set(targets.filter((target) => target !== undefined)).size;
  if (isRare) return known > 0;
  // A heading of two words may be one, unless one of them is of addresses, which stand alone in a cell.
  if (isWithin) return known === cells.length && (known > MANY || (targets.includes('email') && lines.every(hasMore)));
  return cells.length === MANY ? known === MANY : known >= MANY;
}

/** Whether a line has an address, and something beside it. */
function hasMore(line: string): boolean {
  return /\S@\S/.test(line) && /\s/.test(line.trim());
}
