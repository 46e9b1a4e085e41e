import type { leadsMessages } from '@apollo/contracts';

/** Bytes of JSON that a page of an export may take. */
export const EXPORT_PAGE_BYTES = 600_000;

/** No UTF-16 unit takes more bytes than this, escaped or encoded. */
const BYTES_PER_UNIT = 3;
/** Keys, ids, times and numbers of one item. */
const FRAME_BYTES = 800;

/** At least as many bytes as the lead takes in JSON. */
export function leadBytes(lead: leadsMessages.Lead): number {
  let units =
    lead.contact_name.length +
    units0(lead.company) +
    units0(lead.email) +
    units0(lead.site) +
    units0(lead.city) +
    units0(lead.state) +
    units0(lead.country) +
    units0(lead.external_id);
  for (const tag of lead.tags) units += tag.length + 1;
  return FRAME_BYTES + units * BYTES_PER_UNIT + mapBytes(lead.custom_fields);
}

/** At least as many bytes as the activity takes in JSON. */
export function activityBytes(activity: leadsMessages.Activity): number {
  return FRAME_BYTES + mapBytes(activity.detail);
}

function units0(text: string | null): number {
  return text === null ? 0 : text.length;
}

function mapBytes(map: Record<string, unknown>): number {
  // Most leads have none: nothing is written out for them.
  for (const _ in map) return JSON.stringify(map).length * BYTES_PER_UNIT;
  return 2;
}
