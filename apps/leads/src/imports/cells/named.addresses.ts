/** Somebody as programs write a name with its address: `Jane Doe (jane@acme.com)`, `"Doe, Jane" <jane@acme.com>`. */
export interface NamedAddress {
  /** Empty where there is none beside the address. */
  readonly name: string;
  readonly address: string;
  /** Others behind the first one, as they are written. */
  readonly others: string;
}

/** Characters of such a cell; what is longer is none. */
const LONGEST = 2_000;
const NAMED = /^"?([^"<>()@]*)(?:" *)?[(<]([^\s<>()]+)[)>]$/;
/** Commas stand within names as well. */
const BETWEEN = /[;\n]|(?<=[)>]),/;

/**
 * Takes a cell of names with addresses apart; undefined for one that does not begin with such.
 *
 * @param isAddress whether a text is an address
 */
export function namedAddress(cell: string, isAddress: (text: string) => boolean): NamedAddress | undefined {
  if (cell.length > LONGEST || !cell.includes('@')) return undefined;
  const [first = '', ...more] = cell.split(BETWEEN).map((each) => each.trim());
  const others = more.filter(Boolean).join('; ');
  if (isAddress(first)) return { name: '', address: first, others };
  const [, name = '', written = ''] = NAMED.exec(first) ?? [];
  const address = written.replace(/^mailto:/i, '');
  return isAddress(address) ? { name: name.trim(), address, others } : undefined;
}
