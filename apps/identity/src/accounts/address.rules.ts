import { inForm } from '@apollo/contracts';

/** What two spellings of one e-mail address have in common: addresses are compared by this and by nothing else. */
export function addressKey(email: string): string {
  return inForm(email, 'NFC').toLowerCase();
}
