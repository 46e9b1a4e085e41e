import { leadsMessages, manyLines } from '@apollo/contracts';
import { customValueProblem, type FieldDefinition } from '../../fields/custom.field.rules.js';
import { moneyForm } from '../../fields/money.value.js';
import { isCode } from '../cells/code.cells.js';
import { dayText, type DateFormat, isNoDate } from '../cells/date.cells.js';
import { valuesOf } from '../cells/joined.cells.js';
import { readMoney } from '../cells/money.cells.js';
import { type NumberFormat, numberFormatShown, numberOf, numberProblem, readNumber } from '../cells/number.cells.js';
import { plainWords } from '../plan/plain.words.js';
import { type CellContext, type CellReader, dateRead, moneyProblem, UNDECIDED } from './cell.readers.js';

/** A value, or why there is none; neither for a cell that says so itself. */
type Value = { readonly value: unknown } | { readonly problem: string } | null;

/** What a number or an amount is refused with that would lose its zeros or its plus. */
const CODE = 'begins with a zero or a plus, which a number does not keep: the field would have to be a text';

/** The reader of one custom field. */
export function customReader(
  field: FieldDefinition,
  format: NumberFormat | DateFormat | null,
  { country, currency }: Pick<CellContext, 'country' | 'currency'>,
): CellReader {
  const choice = optionsOf(field);
  return (cell, row) => {
    if (cell.length > leadsMessages.CUSTOM_TEXT)
      return { problem: `must be at most ${leadsMessages.CUSTOM_TEXT} characters`, kept: cell };
    if (!manyLines.test(cell)) return { problem: 'holds control characters', kept: cell };
    const found = customValue(field, cell, { format, country, currency, named: row.currency, choice });
    if (found === null) return null;
    const problem = 'problem' in found ? found.problem : customValueProblem(field, found.value);
    if (problem) return { problem, kept: cell };
    row.custom_fields[field.key] = 'value' in found ? found.value : undefined;
    if (field.kind === 'money') (row.amounts ??= new Set()).add(field.key);
    return null;
  };
}

function customValue(
  field: FieldDefinition,
  cell: string,
  {
    format,
    country,
    currency,
    named,
    choice,
  }: {
    format: NumberFormat | DateFormat | null;
    country: string | null;
    currency: string | null;
    named: string | undefined;
    choice: (cell: string) => string;
  },
): Value {
  switch (field.kind) {
    case 'number':
      if (isCode(cell)) return { problem: CODE };
      return numberValue(cell, format as NumberFormat | null);
    case 'date':
      return dateValue(cell, format as DateFormat | null, country);
    case 'money':
      if (isCode(cell)) return { problem: CODE };
      return moneyValue(cell, format as NumberFormat | null, currency, named);
    case 'select':
      return { value: choice(cell) };
    case 'multi_select':
      return { value: chosen(field.options, cell, choice) };
    default:
      return { value: cell };
  }
}

function numberValue(cell: string, format: NumberFormat | null): Value {
  // As programs write very large and very small numbers.
  if (/^-?\d(?:\.\d+)?e[+-]\d{1,3}$/i.test(cell)) return { value: Number(cell) };
  const number = readNumber(cell, format);
  if (number === 'undecided') return { problem: UNDECIDED };
  if (!number) return { problem: numberProblem(cell, numberFormatShown(cell), format) };
  const value = numberOf(number);
  return value === undefined ? { problem: 'is more than a number can be here' } : { value };
}

function dateValue(cell: string, format: DateFormat | null, country: string | null): Value {
  if (isNoDate(cell)) return null;
  const found = dateRead(cell, format, country);
  return 'date' in found ? { value: dayText(found.date) } : found;
}

/** @param named the currency that a column beside it names */
function moneyValue(cell: string, format: NumberFormat | null, own: string | null, named: string | undefined): Value {
  const money = readMoney(cell, format, own);
  if (money === 'undecided') return { problem: UNDECIDED };
  if (!money) return { problem: moneyProblem(cell, format, own) };
  const currency = money.currency ?? named ?? own;
  if (currency === null) return { problem: 'must be an amount with its currency, such as 1200.50 EUR' };
  const value = moneyForm(money.number, currency);
  return value === undefined
    ? { problem: `is more than can be kept, or has too many digits for ${currency}` }
    : { value };
}

/** The option that a cell names, exactly or but for case and accents; the cell itself when none. */
function optionsOf({ options }: FieldDefinition): (cell: string) => string {
  const exact = new Set(options);
  /** Null where several options are alike. */
  const alike = new Map<string, string | null>();
  for (const option of options) {
    const words = plainWords(option);
    alike.set(words, alike.has(words) ? null : option);
  }
  return (cell) => (exact.has(cell) ? cell : (alike.get(plainWords(cell)) ?? cell));
}

/** Commas separate options only where semicolons and bars leave something that is none. */
function chosen(options: readonly string[], cell: string, choice: (cell: string) => string): string[] {
  const strict = valuesOf(cell, /[;|\n]/).map(choice);
  const values = strict.every((value) => options.includes(value)) ? strict : valuesOf(cell).map(choice);
  return [...new Set(values)];
}
