import { generateSecret, generateSync } from 'otplib';
import { SecretBox } from '../secrets/secret.box.js';
import { newRecoveryCodes, recoveryCodeHash } from './recovery.code.js';
import { acceptedStep, isTotpCode } from './totp.rules.js';

const secret = generateSecret();
const now = new Date('2026-03-01T12:00:10Z');
const step = Math.floor(now.getTime() / 30_000);
const code = (steps: number) => generateSync({ secret, epoch: (step + steps) * 30 });

it('follows RFC 6238', () => {
  const rfc = Buffer.from('12345678901234567890');
  const base32 = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
  expect(rfc.length).toBe(20);
  expect(acceptedStep(base32, '287082', new Date(59_000), null)).toBe(1);
});

it('takes the code of this step, the one before and the one after', () => {
  expect([-2, -1, 0, 1, 2].map((steps) => acceptedStep(secret, code(steps), now, null))).toEqual([
    undefined,
    step - 1,
    step,
    step + 1,
    undefined,
  ]);
});

it('takes no step twice and none before it', () => {
  expect(acceptedStep(secret, code(0), now, step)).toBeUndefined();
  expect(acceptedStep(secret, code(-1), now, step)).toBeUndefined();
  expect(acceptedStep(secret, code(1), now, step)).toBe(step + 1);
});

it('refuses quietly when the clock was set back behind what was used', () => {
  expect(acceptedStep(secret, code(0), now, step + 100)).toBeUndefined();
  expect(acceptedStep(secret, code(1), now, step + 1)).toBeUndefined();
});

it('tells codes from recovery codes', () => {
  expect(['123456', ' 123456 '].every(isTotpCode)).toBe(true);
  expect(['12345', '1234567', 'abcdef', '١٢٣٤٥٦', newRecoveryCodes()[0] ?? ''].some(isTotpCode)).toBe(false);
  expect(acceptedStep(secret, 'abcdef', now, null)).toBeUndefined();
});

it('makes ten recovery codes that fit the field they are typed into, and knows them however they are typed', () => {
  const codes = newRecoveryCodes();
  expect(new Set(codes).size).toBe(10);
  for (const each of codes) expect(each).toMatch(/^([A-HJ-NP-Z2-9]{4}-){3}[A-HJ-NP-Z2-9]{4}$/);
  const [first = ''] = codes;
  const box = new SecretBox('ab'.repeat(32));
  const stored = recoveryCodeHash('me', first, box);
  expect(recoveryCodeHash('me', ` ${first.toLowerCase().replaceAll('-', ' ')}`, box)).toBe(stored);
  expect(recoveryCodeHash('somebody else', first, box)).not.toBe(stored);
});
