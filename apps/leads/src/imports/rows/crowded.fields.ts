import { MOST_CUSTOM_BYTES } from '../../fields/custom.field.rules.js';

/** The longest text of custom fields, with its key; undefined where there is none. */
export function longestText(custom: Record<string, unknown>): string | undefined {
  const lengthOf = ([, value]: readonly [string, unknown]): number => (typeof value === 'string' ? value.length : 0);
  const [longest] = Object.entries(custom).toSorted((a, b) => lengthOf(b) - lengthOf(a));
  return longest?.[0];
}

/** Whether custom fields are more than a lead holds. Measured only where it can be: most rows are far from the bound. */
export function tooMuch(custom: Record<string, unknown>): boolean {
  const roughly = Object.values(custom).reduce<number>(
    (sum, value) => sum + (typeof value === 'string' ? value.length : 20),
    0,
  );
  return roughly * 6 > MOST_CUSTOM_BYTES && Buffer.byteLength(JSON.stringify(custom)) > MOST_CUSTOM_BYTES;
}
