import { type HandledMessage, handling } from '@apollo/messaging';
import { hash } from '@node-rs/argon2';
import { newId } from '@apollo/tenancy';
import { SecretBox } from '../secrets/secret.box.js';
import { PasswordHasher } from './password.hasher.js';

const box = new SecretBox('5e'.repeat(32));
const hasher = new PasswordHasher(box);
const person = newId();
const password = 'violet harbour 42 lamps';
const HOME = '198.51.100.7';

it('checks what it has hashed itself', async () => {
  const stored = await hasher.hash(person, password, HOME);
  expect(await hasher.verify(person, stored, password, HOME)).toBe(true);
  expect(await hasher.verify(person, stored, `${password}!`, HOME)).toBe(false);
  expect(await hasher.verify(newId(), stored, password, HOME)).toBe(false);
  expect(await hasher.verify(person, undefined, password, HOME)).toBe(false);
});

it('knows a password by its characters, whichever keyboard and system they come from', async () => {
  const stored = await hasher.hash(person, 'Caf\u00e9 \ufb01ne 42 lamps', HOME);
  for (const typed of ['Cafe\u0301 fine 42 lamps', '\uff23af\u00e9 fine 42 lamps'])
    expect(await hasher.verify(person, stored, typed, HOME)).toBe(true);
  expect(await hasher.verify(person, stored, 'Cafe fine 42 lamps', HOME)).toBe(false);
});

it('takes no work factor from a stored hash, not even from a right one', async () => {
  const secret = box.following(`password of ${person}`);
  for (const cost of [{ timeCost: 3 }, { memoryCost: 8_192 }, { parallelism: 2 }, { outputLen: 64 }]) {
    const planted = await hash(password, { memoryCost: 19_456, timeCost: 2, parallelism: 1, secret, ...cost });
    expect(await hasher.verify(person, planted, password, HOME)).toBe(false);
  }
});

it('is as fast with a hash that asks for minutes of work', async () => {
  const planted = `$argon2id$v=19$m=19456,t=300000,p=1$c2FsdHNhbHRzYWx0c2FsdA$${'A'.repeat(43)}`;
  expect(await hasher.verify(person, planted, password, HOME)).toBe(false);
  expect(await hasher.verify(person, 'x'.repeat(1_000_000), password, HOME)).toBe(false);
});

describe('the line of passwords', () => {
  const tried = (from: string): Promise<boolean> => hasher.verify(newId(), undefined, password, from);

  it('has whoever comes next served before what one client asks for from many networks', async () => {
    let others = 0;
    const flood = Array.from({ length: 16 }, (_, n) => tried(`2001:db8:1:${n}::1`).then(() => others++));
    await tried('192.0.2.7');
    expect(others).toBeLessThanOrEqual(6);
    await Promise.all(flood);
  });

  it('is bounded: who has most in it is refused, and who has nothing gets in', async () => {
    const stored = await hasher.hash(person, password, HOME);
    const soon = { envelope: { expiresAt: Date.now() + 1_000 } } as unknown as HandledMessage;
    const flood = handling(soon, () => Promise.allSettled(Array.from({ length: 110 }, () => tried('192.0.2.1'))));
    expect(() => hasher.assertRoom('192.0.2.1')).toThrow('Too many passwords are being checked at once.');
    expect(await hasher.verify(person, stored, password, '192.0.2.7')).toBe(true);
    const refused = (await flood).filter(
      (outcome) => outcome.status === 'rejected' && (outcome.reason as { code: string }).code === 'rate_limited',
    );
    expect(refused).toHaveLength(9);
  });
});
