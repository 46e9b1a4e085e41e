import { type leadsMessages, refusedField } from '@apollo/contracts';
import type { Mapping } from '../import.mapping.js';
import { saysNothing } from '../rows/empty.words.js';
import { continuesRow, haveName, personColumns } from '../rows/continued.rows.js';
import type { SampledColumn } from './mapping.proposal.js';

/** By what rows are recognized as leads that are there. */
export type Identity = (typeof leadsMessages.IMPORT_IDENTITIES)[number];

/** What is told of a column of addresses by which rows are not recognized. */
export const SHARED_ADDRESSES =
  'More than one in twenty of its addresses is there again, so rows are recognized by nothing, and each is a new lead every time. Say email in identity where the same address is the same person.';

/** Of so many addresses one may be there again: more than that are shared by several people each. */
const ADDRESSES_PER_REPEATED = 20;

/**
 * What recognizes a row: as told, else an id, else an address where nearly each row has one of its own.
 *
 * @param continued addresses of rows that go on with the person above them, which are there again for no one else
 * @throws DomainError `validation_failed` for what is told and the target of no column
 */
export function fileIdentity(
  settings: leadsMessages.ImportSettings,
  mapping: Mapping,
  columns: readonly SampledColumn[],
  continued: readonly string[] = [],
): Identity {
  const targets = new Set(mapping.values());
  const told = settings.identity as Identity | undefined;
  if (told !== undefined) {
    if (told !== 'none' && !targets.has(told)) throw refusedField('identity', 'must be the target of a column');
    return told;
  }
  if (targets.has('id')) return 'id';
  if (targets.has('external_id')) return 'external_id';
  const { addresses, repeated } = repeatedAddresses(mapping, columns, continued);
  return addresses > 0 && repeated * ADDRESSES_PER_REPEATED <= addresses ? 'email' : 'none';
}

/** The column whose addresses are shared by several people each; undefined where none is there again. */
export function sharedColumn(
  mapping: Mapping,
  columns: readonly SampledColumn[],
  continued: readonly string[] = [],
): string | undefined {
  return repeatedAddresses(mapping, columns, continued).repeated > 0 ? mailColumn(mapping, columns)?.name : undefined;
}

function mailColumn(mapping: Mapping, columns: readonly SampledColumn[]): SampledColumn | undefined {
  return columns.find(({ name }) => mapping.get(name) === 'email');
}

/** How many addresses there are, and how many of them are there again. */
function repeatedAddresses(
  mapping: Mapping,
  columns: readonly SampledColumn[],
  continued: readonly string[],
): { readonly addresses: number; readonly repeated: number } {
  const cells = mailColumn(mapping, columns)?.cells.filter((cell) => !saysNothing(cell, 'strict')) ?? [];
  const distinct = new Set(cells.map((cell) => cell.toLowerCase()));
  const addresses = cells.length - continued.length;
  return { addresses, repeated: addresses - distinct.size };
}

/**
 * The addresses of rows that go on with the named person of the row above, in the order of the file: further items of orders
 * of shops. Their own column has them once more for each.
 */
export function continuedAddresses(
  mapping: Mapping,
  names: readonly string[],
  rows: readonly { readonly cells: readonly string[] }[],
): string[] {
  const columns = names.flatMap((name, index) => {
    const target = mapping.get(name);
    return target === undefined ? [] : [{ index, target }];
  });
  const places = personColumns(columns);
  const found: string[] = [];
  let last: readonly string[] | undefined;
  for (const { cells } of rows) {
    if (last && continuesRow(last, cells, places)) found.push(cells[places.address ?? -1] ?? '');
    else last = haveName(cells, places) ? cells : undefined;
  }
  return found;
}
