import { createSecretKey } from 'node:crypto';
import { newId } from '@apollo/tenancy';
import { CompactEncrypt } from 'jose';
import { derivedKey } from '../process/derived.key.js';
import { openJson, sealJson } from '../process/sealed.json.js';
import { MailSeal } from './mail.seal.js';

const SECRET = 'ab'.repeat(32);
const mail = { to: 'a@example.test', subject: 'Welcome', text: 'A line.' };

describe('a sealed mail', () => {
  const seal = new MailSeal(SECRET);

  it('opens for its row, with nothing but what was sealed', async () => {
    const id = newId();
    expect(await seal.open(id, await seal.seal(id, { ...mail, more: 1 } as never))).toEqual({ id, ...mail });
  });

  it('opens for no other row, and under no other secret', async () => {
    const id = newId();
    const sealed = await seal.seal(id, mail);
    await expect(seal.open(newId(), sealed)).rejects.toThrow('sealed for another row');
    await expect(new MailSeal('cd'.repeat(32)).open(id, sealed)).rejects.toThrow();
  });

  it('is of a key for mails alone', async () => {
    const sealed = await seal.seal('1', mail);
    await expect(openJson(sealed, derivedKey(SECRET, 'cursor'))).rejects.toThrow();
    await expect(openJson(sealed, derivedKey(SECRET, 'mail'))).resolves.toMatchObject({ value: { id: '1' } });
  });
});

describe('a derived key', () => {
  it('is the same for the same secret and purpose in every release: what was sealed before opens after', () => {
    const hex = (purpose: string): string => derivedKey(SECRET, purpose).export().toString('hex');
    expect([hex('mail'), hex('mail') === hex('cursor')]).toEqual([
      'e1111c02acab31b1c6c7b0679001b9a9982d5a95d8fd3fb9f66307b0880b88da',
      false,
    ]);
  });
});

describe('sealed JSON', () => {
  const key = createSecretKey(Buffer.alloc(32, 1));

  it('says in its header what may be read, and opens to what it was', async () => {
    const sealed = await sealJson({ a: [1] }, key, { at: 5 });
    const header = { alg: 'dir', enc: 'A256GCM', at: 5 };
    expect(JSON.parse(Buffer.from(sealed.split('.')[0] ?? '', 'base64url').toString())).toEqual(header);
    expect(await openJson(sealed, key)).toEqual({ value: { a: [1] }, header });
  });

  it('is taken sealed by this algorithm alone', async () => {
    const made = (header: { alg: string; enc: string }, bytes: number): Promise<string> =>
      new CompactEncrypt(Buffer.from('{}')).setProtectedHeader(header).encrypt(Buffer.alloc(bytes, 1));
    await expect(openJson(await made({ alg: 'A256KW', enc: 'A256GCM' }, 32), key)).rejects.toThrow();
    const long = Buffer.alloc(64, 1);
    await expect(openJson(await made({ alg: 'dir', enc: 'A256CBC-HS512' }, 64), long)).rejects.toThrow();
  });
});
