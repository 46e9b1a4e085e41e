import { inForm, legible, refusedField } from '@apollo/contracts';
import { addressKey } from '../accounts/address.rules.js';

/** The most common passwords that are long enough to be allowed; guessed first, whatever else holds. */
const COMMON = new Set([
  '123456789012',
  '1234567890123',
  '12345678901234',
  '123456789123',
  '123123123123',
  '111111111111',
  '000000000000',
  '112233445566',
  '121212121212',
  'password1234',
  'password12345',
  'password123!',
  'passwordpassword',
  'password1password',
  'mypassword123',
  'passw0rd1234',
  'p@ssw0rd1234',
  'p@ssword1234',
  'qwertyuiop123',
  'qwertyuiop12',
  'qwertyqwerty',
  'qwerty123456',
  'qwerty1234567',
  '1q2w3e4r5t6y',
  '1qaz2wsx3edc',
  'qazwsxedcrfv',
  'asdfghjkl123',
  'zaq12wsxcde3',
  'abcdefghijkl',
  'abcdefghijklm',
  'abc123abc123',
  'abcd1234abcd',
  'aaaaaaaaaaaa',
  'iloveyou1234',
  'iloveyouiloveyou',
  'letmeinletmein',
  'letmein12345',
  'welcome12345',
  'welcome123456',
  'administrator',
  'admin1234567',
  'administrator1',
  'changemechangeme',
  'changeme1234',
  'trustno1trustno1',
  'superman1234',
  'sunshine1234',
  'princess1234',
  'football1234',
  'baseball1234',
  'dragon123456',
  'monkey123456',
  'master123456',
  'shadow123456',
  'unbelievable',
  'correcthorsebatterystaple',
]);

/** The form that is hashed: the same password typed on another keyboard gives the same characters. */
export function passwordForm(password: string): string {
  return inForm(password, 'NFKC');
}

/**
 * Refuses a password that would be guessed first. Its length is the contract's business.
 *
 * @throws DomainError `validation_failed` naming the field
 */
export function assertPassword(password: string, email: string): void {
  const form = passwordForm(password).toLowerCase();
  const problem =
    form === passwordForm(addressKey(email))
      ? 'password must not be the e-mail address'
      : COMMON.has(form)
        ? 'password is one of the most common ones'
        : isOneCharacter(form)
          ? 'password must have more than one character that can be seen'
          : undefined;
  if (problem) throw refusedField('password', problem);
}

/** Whether nothing is seen of it, or the same character again and again. */
function isOneCharacter(form: string): boolean {
  return new Set(Array.from(form).filter((character) => legible(character) !== '')).size <= 1;
}
