import type { FieldDefinition } from '../../fields/custom.field.rules.js';
import { currencyNamed, marksCurrencies } from '../cells/currency.marks.js';

/** What programs write where they have nothing, and errors of spreadsheets: in any field but a text of somebody's own. */
const NOTHING = new Set([
  ...['n/a', '#n/a', 'undefined', '(null)', '\\n', '-', '--', '\u2013', '\u2014'],
  ...['#ref!', '#value!', '#name?', '#div/0!', '#num!', '#null!', '#error!'],
]);
/** What people write who have nothing to say, which could be somebody's initials or the text of a field. */
const UNSAID = new Set([
  ...['k.a.', 'k. a.', 'k.a', 'k/a', 'keine angabe', 'n.a.', 'n. a.', 'n/d', 's/d', 's/i', 'n/c', 'nvt', 'n.v.t.'],
  ...['sin dato', 'sin datos', 'sem dados', 'não informado', 'non renseigné', 'not available', 'not provided'],
  ...['tbd', 'tba', 'tbc', 't.b.d.', '---', '?', '??', '???'],
]);
/** The same where no state is called so: North Dakota, South Dakota and North Carolina are. */
const UNSAID_NO_PLACE = new Set(['n.d.', 'n. d.', 's.d.', 's. d.', 'n.c.', 'b.d.']);
/** What could be a name: somebody is called Null, and a city Nan. */
const NO_NAMES = new Set(['null', 'nan']);
/** As programs write it, and people hardly do; what else is a country, too. */
const SPELLED = new Set(['NULL', 'NaN', 'None']);
const SPELLED_STRICT = new Set(['None', 'NA', 'NaT']);

/** What a column holds, as far as what stands for nothing in it. */
export type Emptiness = 'text' | 'name' | 'place' | 'strict' | 'amount';

const EMPTINESS: Readonly<Record<string, Emptiness>> = {
  contact_name: 'name',
  first_name: 'name',
  middle_name: 'name',
  last_name: 'name',
  company: 'place',
  city: 'place',
  state: 'place',
  country: 'place',
  tags: 'place',
  value: 'amount',
};

/** @param field the custom field; undefined where the target is none */
export function emptinessOf(target: string, field: FieldDefinition | undefined): Emptiness {
  if (!field) return EMPTINESS[target] ?? 'strict';
  if (field.kind === 'text') return 'text';
  if (field.kind === 'money' || field.kind === 'number') return 'amount';
  return 'strict';
}

/** A dash beside the mark of a currency, as spreadsheets write an amount of nothing for accounts. */
const DASH = /^([^\s\d-]{0,4})\s*[-\u2013\u2014]{1,2}\s*([^\s\d-]{0,4})$/u;

function isDashOfMoney(cell: string): boolean {
  const [, ahead = '', behind = ''] = DASH.exec(cell) ?? [];
  const mark = ahead || behind;
  return mark !== '' && (currencyNamed(mark, null) !== undefined || marksCurrencies(mark).length > 0);
}

/** Characters of the longest of these. */
const LONGEST = 15;

/** Whether a cell says no more than that there is nothing. */
export function saysNothing(cell: string, emptiness: Emptiness): boolean {
  if (cell.length > LONGEST || emptiness === 'text') return false;
  if (NOTHING.has(cell.toLowerCase())) return true;
  if (emptiness !== 'name' && UNSAID.has(cell.toLowerCase())) return true;
  if (emptiness !== 'name' && emptiness !== 'place' && UNSAID_NO_PLACE.has(cell.toLowerCase())) return true;
  if (emptiness === 'amount' && isDashOfMoney(cell)) return true;
  if (emptiness === 'strict' || emptiness === 'amount')
    return NO_NAMES.has(cell.toLowerCase()) || SPELLED_STRICT.has(cell);
  return emptiness === 'place' && SPELLED.has(cell);
}
