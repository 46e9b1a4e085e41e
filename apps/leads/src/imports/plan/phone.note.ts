import { isSupportedCountry } from 'libphonenumber-js/max';
import { dialCodeIn, isWrittenAsIn, isNumberOf, readPhone, withPlus } from '../cells/phone.cells.js';
import type { Mapping } from '../import.mapping.js';
import { Pace } from '../paced.js';
import { countryName } from './country.name.js';
import { isDialCodeNamed } from './heading.words.js';
import type { SampledColumn } from './mapping.proposal.js';
import { mostExceptions } from './exception.rules.js';

/** What the cells of phones show of where they are dialled. */
export interface PhoneHints {
  /** Places of columns whose numbers have the codes of their countries, without a plus. */
  readonly international: readonly number[];
  /** Heading → what a preview says of how its numbers are read. */
  readonly notes: ReadonlyMap<string, string>;
  /** Those that an import tells as well: numbers of another country become somebody else's here. */
  readonly warnings: ReadonlyMap<string, string>;
}

/** Countries whose numbers are tried on those that are not the organization's: where lists come from. */
const COUNTRIES = [
  ...['FR', 'DE', 'AT', 'CH', 'IT', 'ES', 'PT', 'GB', 'IE', 'NL', 'BE', 'PL', 'CZ', 'SE', 'DK', 'NO', 'FI', 'GR', 'HU'],
  ...['RO', 'TR', 'US', 'BR', 'MX', 'AR', 'CL', 'CO', 'IN', 'AU', 'ZA', 'JP', 'KR'],
];
/** Cells that are tried of a column, since reading a number takes long, and the fewest that show anything. */
const TRIED = 50;
const LEAST_NATIONAL = 4;
const LEAST_BARE = 3;
/** Countries that are named, at most. */
const MOST_NAMED = 3;
const LONGEST = 40;

const BARE = /^[1-9][\d\s().-]*$/;
const NATIONAL = /^\(?\d[\d\s()./-]*$/;
/** Figures in several groups, whose lengths are a country's habit. */
const GROUPED = /^\D*\d+(?:\D+\d+){2,}$/;

/**
 * Looks at the columns of phones. What a column of countries, or of their codes, says of each row is not asked again.
 *
 * @param country ISO 3166 of the organization; null where unknown
 */
export async function phoneHints(
  columns: readonly SampledColumn[],
  mapping: Mapping,
  country: string | null,
): Promise<PhoneHints> {
  const pace = new Pace();
  const isToldByRow = columns.some(
    ({ name, cells }) => cells.length > 0 && (isDialCodeNamed(name) || mapping.get(name) === 'country'),
  );
  const international: number[] = [];
  const notes = new Map<string, string>();
  const warnings = new Map<string, string>();
  for (const [at, { name, cells }] of columns.entries()) {
    if (mapping.get(name) !== 'phone') continue;
    const tried = cells.filter((cell) => cell.length <= LONGEST).slice(0, TRIED);
    const bare = await bareNumber(tried, country, pace);
    if (bare !== undefined) {
      international.push(at);
      notes.set(name, `Its numbers have the codes of their countries, without a plus: ${bare} is ${withPlus(bare)}.`);
    } else if (!isToldByRow && country !== null && isSupportedCountry(country)) {
      const note = await foreignNote(tried, country, pace);
      if (note !== undefined) warnings.set(name, note);
    }
  }
  return { international, notes: new Map([...notes, ...warnings]), warnings };
}

/** The first number of a column that are all dialled from abroad but for their plus; undefined where they are not. */
async function bareNumber(cells: readonly string[], country: string | null, pace: Pace): Promise<string | undefined> {
  const bare = cells.filter((cell) => BARE.test(cell));
  const own = country === null ? undefined : dialCodeIn(country);
  const isOwn = own !== undefined && bare.every((cell) => cell.startsWith(own));
  if (bare.length < (isOwn ? 1 : LEAST_BARE) || cells.length - bare.length > mostExceptions(cells.length))
    return undefined;
  const abroad = await pace.passing(bare, (cell) => withPlus(cell) !== undefined);
  if (bare.length - abroad > mostExceptions(bare.length)) return undefined;
  const atHome = await pace.passing(bare, (cell) => readPhone(cell, country) !== undefined);
  return atHome * 2 > bare.length ? undefined : bare.find((cell) => withPlus(cell) !== undefined);
}

/** What is told of numbers without the code of a country that are those of another one by what they are, or how they are written. */
async function foreignNote(cells: readonly string[], country: string, pace: Pace): Promise<string | undefined> {
  const national = cells.filter((cell) => NATIONAL.test(cell) && !cell.startsWith('00'));
  if (national.length < LEAST_NATIONAL) return undefined;
  const good = await pace.passing(national, (cell) => readPhone(cell, country) !== undefined);
  const grouped = national.filter((cell) => GROUPED.test(cell));
  const isOther = good * 2 <= national.length;
  const most = mostExceptions(national.length);
  const areGrouped = national.length - grouped.length <= most;
  const asHere = await pace.passing(grouped, (cell) => isWrittenAsIn(cell, country));
  if (!isOther && (!areGrouped || asHere * 2 >= grouped.length)) return undefined;
  const fitting: { readonly name: string; readonly code: string; readonly written: number }[] = [];
  for (const code of COUNTRIES) {
    if (code === country || national.length - (await pace.passing(national, (cell) => isNumberOf(cell, code))) > most)
      continue;
    const written = await pace.passing(national, (cell) => isWrittenAsIn(cell, code));
    if (isOther || national.length - written <= most) fitting.push({ name: countryName(code), code, written });
  }
  const best = Math.max(...fitting.map(({ written }) => written));
  const named = fitting.filter(({ written }) => written === best).slice(0, MOST_NAMED);
  if (named.length === 0) return undefined;
  const bad = national.length - good;
  const [own, others] = [countryName(country), named.map(({ name }) => name).join(' or ')];
  const cannot = bad > 0 ? `${bad} of the ${national.length} looked at cannot be numbers of ${own}, and they` : 'They';
  return `Its numbers seem to be those of ${others}. ${cannot} are written as there: read as numbers of ${own}, they are somebody else's. Say ${named.map(({ code }) => code).join(' or ')} in country.`;
}
