import { CONTACT_HEADINGS } from './contact.headings.js';
import { DEAL_HEADINGS } from './deal.headings.js';
import { PERSON_HEADINGS } from './person.headings.js';

/** Targets by the headings that people and the usual exports give them: English, Portuguese, Spanish, German, French, and the basic ones in Italian, Polish and Turkish. */
export const HEADINGS: Readonly<Record<string, readonly string[]>> = {
  ...PERSON_HEADINGS,
  ...CONTACT_HEADINGS,
  ...DEAL_HEADINGS,
};
