/** What to tell an import about a file's columns. */
export interface MappingGuess {
  /** Column heading → field of a lead, or `custom_fields.<key>`. */
  readonly mapping: Readonly<Record<string, string>>;
  /** Columns that are left out, because they have no name, one that occurs twice, or come after too many others. */
  readonly leftOut: number;
}

/** Fields of a lead by the headings people give them, written without spaces and marks. */
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  external_id: ['id', 'externalid', 'leadid', 'prospectid', 'contactid', 'customerid', 'recordid'],
  contact_name: ['contactname', 'contact', 'contactperson', 'fullname', 'leadname', 'name'],
  company: ['company', 'companyname', 'organization', 'organisation', 'account', 'accountname'],
  email: ['email', 'emailaddress', 'mail', 'contactemail'],
  phone: ['phone', 'phonenumber', 'telephone', 'tel', 'mobile', 'mobilephone'],
  site: ['site', 'website', 'web', 'url', 'homepage'],
  city: ['city', 'town'],
  state: ['state', 'province', 'region'],
  country: ['country'],
  value: ['value', 'amount', 'dealvalue'],
  value_minor: ['valueminor'],
  tags: ['tags', 'labels'],
};

/** The most custom fields that one import may fill, and the longest key one may have. */
const MOST_CUSTOM = 100;
const LONGEST_KEY = 60;
const LONGEST_HEADING = 200;

/** Guesses by their headings what the columns of a lead list are; what is no known field becomes a custom one. */
export function guessMapping(headings: readonly string[]): MappingGuess {
  const usable = headings.filter((heading) => {
    return (
      heading !== '' && heading.length <= LONGEST_HEADING && headings.indexOf(heading) === headings.lastIndexOf(heading)
    );
  });
  const targets = new Map<string, string>();
  const customs: string[] = [];
  for (const heading of usable) {
    const known = fieldFor(heading);
    // An import writes both kinds of value to the same place.
    const taken = [...targets.values()].some((target) => target === known || (isValue(target) && isValue(known)));
    if (known !== undefined && !taken) targets.set(heading, known);
    else customs.push(heading);
  }
  const keys = new Set<string>();
  for (const heading of customs.slice(0, MOST_CUSTOM)) {
    const key = freeKey(slugOf(heading), keys);
    keys.add(key);
    targets.set(heading, `custom_fields.${key}`);
  }
  return { mapping: Object.fromEntries(targets), leftOut: headings.length - targets.size };
}

function fieldFor(heading: string): string | undefined {
  const name = slugOf(heading).replaceAll('_', '');
  return Object.entries(KNOWN).find(([, names]) => names.includes(name))?.[0];
}

function isValue(target: string | undefined): boolean {
  return target === 'value' || target === 'value_minor';
}

/** `LeadOrigin` and `Lead origin` → `lead_origin`; always a letter first. */
function slugOf(heading: string): string {
  const words = heading
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
  return (/^[a-z]/.test(words) ? words : `column_${words}`).slice(0, LONGEST_KEY).replace(/_+$/, '');
}

function freeKey(slug: string, taken: ReadonlySet<string>): string {
  if (!taken.has(slug)) return slug;
  for (let n = 2; ; n++) {
    const key = `${slug.slice(0, LONGEST_KEY - 4)}_${n}`;
    if (!taken.has(key)) return key;
  }
}
