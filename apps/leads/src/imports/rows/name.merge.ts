import { standInName } from '../../leads/lead.rules.js';
import { plainWords } from '../plan/plain.words.js';
import type { LeadRow } from './lead.row.js';
import type { KnownLead } from './known.lead.js';

const ADDRESS = /^[^\s@]+@\S+$/;
const LETTER = /\p{L}/u;

/**
 * Whether a lead's name is better than what a row calls it by: a part of that name where the row has no more of one, and
 * what is no name, as programs write an address or a number for somebody without one. Whoever says which lead it is by its
 * id, as our export does, says the name as well.
 */
export function isBetterNamed(lead: KnownLead, row: LeadRow): boolean {
  const { contact_name: own } = lead;
  const { contact_name: given = '', lead_id: id } = row;
  if (id !== undefined || own === standInName(lead)) return false;
  if (ADDRESS.test(own) || !LETTER.test(own)) return false;
  if (ADDRESS.test(given) || !LETTER.test(given)) return true;
  const part = plainWords(given);
  if (!row.isPartlyNamed && part.includes(' ')) return false;
  const whole = plainWords(own);
  return part !== '' && whole !== part && ` ${whole} `.includes(` ${part} `);
}
