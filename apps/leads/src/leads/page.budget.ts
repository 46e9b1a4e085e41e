import type { leadsMessages } from '@apollo/contracts';

/** Bytes of JSON that a page of an export may take. */
export const EXPORT_PAGE_BYTES = 600_000;

/** No UTF-16 unit takes more bytes than this, but for a control character, which takes twice as many. */
const BYTES_PER_UNIT = 3;
/** Made once: a literal in a function is a new expression at each call. */
const CONTROL = /\p{Cc}/u;
/** Keys, ids, times and numbers of one item. */
const FRAME_BYTES = 800;

/** At least as many bytes as the lead takes in JSON. */
export function leadBytes(lead: leadsMessages.Lead): number {
  let units =
    unitsOf(lead.contact_name) +
    unitsOf(lead.company) +
    unitsOf(lead.email) +
    unitsOf(lead.phone) +
    unitsOf(lead.site) +
    unitsOf(lead.city) +
    unitsOf(lead.state) +
    unitsOf(lead.country) +
    unitsOf(lead.external_id);
  for (const tag of lead.tags) units += unitsOf(tag) + 1;
  return FRAME_BYTES + units * BYTES_PER_UNIT + mapBytes(lead.custom_fields);
}

/** At least as many bytes as the activity takes in JSON. */
export function activityBytes(activity: leadsMessages.Activity): number {
  return FRAME_BYTES + mapBytes(activity.detail);
}

function unitsOf(text: string | null): number {
  if (text === null) return 0;
  return CONTROL.test(text) ? 2 * text.length : text.length;
}

function mapBytes(map: Record<string, unknown>): number {
  // Most leads have none: nothing is written out for them.
  for (const _ in map) return JSON.stringify(map).length * BYTES_PER_UNIT;
  return 2;
}
