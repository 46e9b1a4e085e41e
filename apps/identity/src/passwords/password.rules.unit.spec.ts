import { addressKey } from '../accounts/address.rules.js';
import { SecretBox } from '../secrets/secret.box.js';
import { PasswordHasher } from './password.hasher.js';
import { assertPassword } from './password.rules.js';

it("refuses the account's own address and the passwords that are guessed first, in any case", () => {
  for (const password of [
    'nora@example.test',
    'NORA@Example.Test',
    'password1234',
    'QwertyUiop123',
    'correcthorsebatterystaple',
  ]) {
    expect(() => assertPassword(password, 'Nora@example.test')).toThrow('validation_failed');
  }
  expect(() => assertPassword('violet harbour 42 lamps', 'nora@example.test')).not.toThrow();
});

it.each([
  ['twelve blanks', ' '.repeat(12)],
  ['blanks of other kinds', '\u00a0\u3000\u2800\t'.repeat(3)],
  ['nothing that is seen', '\u200b\u2060\u00ad'.repeat(4)],
  ['one character', 'z'.repeat(14)],
  ['one character in both cases', 'zZ'.repeat(7)],
  ['one character beyond the basic plane', '\u{1f600}'.repeat(12)],
  ['one character with blanks between', 'z '.repeat(7)],
])('refuses a password of %s', (_what, password) => {
  expect(() => assertPassword(password, 'nora@example.test')).toThrow('validation_failed');
});

it('takes two characters that are seen, of any script, with blanks anywhere', () => {
  for (const password of ['zzzzzzzzzzzy', ' violet harbour 42 ', '紫の港四十二の灯りと海の音'])
    expect(() => assertPassword(password, 'nora@example.test')).not.toThrow();
});

it('compares addresses without case and composition', () => {
  expect(addressKey('Jos\u00e9@Example.TEST')).toBe(addressKey('jose\u0301@example.test'));
});

const HOME = '198.51.100.7';

it('checks passwords, and never accepts one where there is nothing to check against', async () => {
  const hasher = new PasswordHasher(new SecretBox('ab'.repeat(32)));
  const stored = await hasher.hash('me', 'violet harbour 42 lamps', HOME);
  expect(await hasher.verify('me', stored, 'violet harbour 42 lamps', HOME)).toBe(true);
  expect(await hasher.verify('me', stored, 'violet harbour 42 lampS', HOME)).toBe(false);
  expect(await hasher.verify('me', undefined, 'the password of an account that is not there', HOME)).toBe(false);
  expect(await hasher.hash('me', 'violet harbour 42 lamps', HOME)).not.toBe(stored);
  expect(await hasher.verify('somebody else', stored, 'violet harbour 42 lamps', HOME)).toBe(false);
  const otherKey = new PasswordHasher(new SecretBox('cd'.repeat(32)));
  expect(await otherKey.verify('me', stored, 'violet harbour 42 lamps', HOME)).toBe(false);
});
