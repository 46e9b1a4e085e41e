/** What SQL wrote in the place of an object has no members. */
const object = (json: string) => `case jsonb_typeof(${json}) when 'object' then ${json} else '{}' end`;

/** Of the members of what an import leaves now, those that it wrote and that fulfil a condition over `key`, as an object. */
const written = (at: string, value: string, condition = 'true') =>
  `(select coalesce(jsonb_object_agg(key, ${value}), '{}') from jsonb_each(excluded.after${at})
        where value is distinct from excluded.before${at}->key and ${condition})`;

const CUSTOM = "->'custom_fields'";

/** A kept lead with other values of some fields, custom ones included. */
const overlaid = (kept: string, values: (at: string) => string) =>
  `${object(kept)} || ${values('')} || jsonb_build_object('custom_fields', ${object(`${kept}${CUSTOM}`)} || ${values(CUSTOM)})`;

/** Values as the import found them, of fields that somebody else wrote since it last did. */
const found = (at: string) =>
  written(at, `excluded.before${at}->key`, `c.after${at}->key is distinct from excluded.before${at}->key`);
const left = (at: string) => written(at, 'value');

const UNTOUCHED = "c.version = (excluded.before->'version')::int";

/**
 * How a change `c` of `leads.import_changes` goes on with the next one of the same import, as after `do update set`; both sides
 * of that are leads as JSON, with their version. A lead that somebody touched in between keeps the version at which the import
 * left it before, which no lead has again: it stays as it is when the import is taken back. What is told of it is what
 * the import wrote, and what it found there.
 */
export const CONTINUED = `
      version = case when ${UNTOUCHED} then excluded.version else c.version end,
      before = case when ${UNTOUCHED} then c.before else ${overlaid('c.before', found)} end,
      after = case when ${UNTOUCHED} then excluded.after when c.after is not null then ${overlaid('c.after', left)} end`;
