import { createHash } from 'node:crypto';
import { inForm, type leadsMessages } from '@apollo/contracts';
import type { FieldDefinition } from '../../fields/custom.field.rules.js';
import { customKey } from '../import.mapping.js';
import { plainWords } from './plain.words.js';

/** A custom field with what people call it. */
export type LabelledField = FieldDefinition & Pick<leadsMessages.LeadField, 'label'>;

/** Characters of a label, as of a field that is made by hand. */
const LONGEST_LABEL = 100;
const LONGEST_KEY = 60;
const DIGEST = 6;

/** Letters that are others with something to them, though Unicode takes none of them apart. */
const FOLDED: Readonly<Record<string, string>> = {
  ß: 'ss',
  ł: 'l',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  æ: 'ae',
  œ: 'oe',
  ı: 'i',
};

/** A heading without what our export has before the key of a field. */
function ownHeading(heading: string): string {
  const key = customKey(heading);
  return key !== null && /^[a-z][a-z0-9_]*$/.test(key) ? key : heading;
}

/** The label of the custom field that a column makes. */
export function labelOf(heading: string): string {
  return shortened(ownHeading(heading));
}

function shortened(heading: string): string {
  return heading.slice(0, LONGEST_LABEL).toWellFormed().replaceAll('\uFFFD', '').trim();
}

/**
 * A heading as it is compared with labels: without case, accents and what separates words, but with what tells `Umsatz %`
 * from `Umsatz €`, and `C` from `C++`. Marks of other scripts are letters there: a vowel of Hindi, the voice of a kana.
 */
export function labelWords(heading: string): string {
  return inForm(heading.replace(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2'), 'NFKD')
    .replace(/(\p{Script=Latin})\p{M}+/gu, '$1')
    .toLowerCase()
    .replace(/[ßłøđðþæœı]/g, (letter) => FOLDED[letter] ?? letter)
    .replace(/[`^~|]|[^\p{L}\p{M}\p{N}\p{S}#%@]/gu, ' ')
    .trim()
    .replace(/ +/g, ' ');
}

/**
 * `Lead origin` → `lead_origin`, at most 60 characters, always a letter first: the key of a custom field. What it cannot
 * say of a heading, such as letters that are not Latin, it says by a digest: no two labels have one key.
 */
export function keyOf(given: string): string {
  const heading = ownHeading(given);
  const words = labelWords(heading);
  const plain = underscored(words);
  const key = (/^[a-z]/.test(plain) ? plain : `column_${plain}`).replace(/_$/, '');
  if (plain !== '' && plain === words.replaceAll(' ', '_') && key.length <= LONGEST_KEY) return key;
  const digest = createHash('sha256')
    .update(words || heading)
    .digest('hex')
    .slice(0, DIGEST);
  return `${key.slice(0, LONGEST_KEY - DIGEST - 1).replace(/_$/, '')}_${digest}`;
}

/** What of words a key may hold. */
function underscored(words: string): string {
  return words.replace(/[^a-z0-9]+/g, '_').replace(/^_|_$/g, '');
}

/** The key of a field, by which a heading may name it that is not its label; none where it is no more than what is left of that. */
function ownKey({ key, label }: LabelledField): string | undefined {
  const words = underscored(plainWords(label));
  const made = [words, `column_${words}`.replace(/_$/, '')];
  return made.includes(key) || made.includes(key.replace(/_\d{1,3}$/, '')) ? undefined : key;
}

/** In which ways a heading may name a field, the surest first: what the heading says, and what the field says to that. */
const WAYS: readonly {
  readonly heading: (name: string) => string | null | undefined;
  readonly field: (field: LabelledField) => string | undefined;
}[] = [
  { heading: customKey, field: ({ key }) => key },
  { heading: shortened, field: ({ label }) => label },
  { heading: labelOf, field: ({ label }) => label },
  { heading: (name) => labelWords(ownHeading(name)), field: ({ label }) => labelWords(label) },
  { heading: keyOf, field: ownKey },
];

/**
 * The custom fields that columns fill, each one column: as our export names them, else by label, exactly before alike, else
 * by key. One that is archived only where no other is called so.
 *
 * @returns heading → field
 */
export function fieldsNamed(names: readonly string[], fields: readonly LabelledField[]): Map<string, LabelledField> {
  const found = new Map<string, LabelledField>();
  for (const archived of [false, true])
    for (const way of WAYS) {
      const known = new Map<string, LabelledField[]>();
      const free = new Set(fields.filter((field) => field.archived === archived).filter(isFree(found)));
      for (const field of free) {
        const said = way.field(field);
        if (said) known.set(said, [...(known.get(said) ?? []), field]);
      }
      for (const name of known.size > 0 ? names : []) {
        if (found.has(name)) continue;
        const field = known.get(way.heading(name) ?? '')?.find((each) => free.has(each));
        if (!field) continue;
        found.set(name, field);
        free.delete(field);
      }
    }
  return found;
}

function isFree(found: ReadonlyMap<string, LabelledField>): (field: LabelledField) => boolean {
  const taken = new Set(found.values());
  return (field) => !taken.has(field);
}
