import { addressKey } from '../accounts/address.rules.js';
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

it('compares addresses without case and composition', () => {
  expect(addressKey('Jos\u00e9@Example.TEST')).toBe(addressKey('jose\u0301@example.test'));
});

it('checks passwords, and never accepts one where there is nothing to check against', async () => {
  const hasher = new PasswordHasher();
  const stored = await hasher.hash('violet harbour 42 lamps');
  expect(await hasher.verify(stored, 'violet harbour 42 lamps')).toBe(true);
  expect(await hasher.verify(stored, 'violet harbour 42 lampS')).toBe(false);
  expect(await hasher.verify(undefined, 'the password of an account that is not there')).toBe(false);
  expect(await hasher.hash('violet harbour 42 lamps')).not.toBe(stored);
});
