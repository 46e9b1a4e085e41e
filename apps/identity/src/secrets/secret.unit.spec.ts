import fc from 'fast-check';
import { isPersonTokenFor, newPersonToken, newToken, openPersonToken, tokenHash } from './link.token.js';
import { SecretBox } from './secret.box.js';

const box = new SecretBox('ab'.repeat(32));
const person = '0190a2c4-7e1b-7c3d-8e4f-123456789abc';

describe('sealing', () => {
  it('gives back what was sealed, and never the same twice', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, place) => {
        const sealed = box.seal(text, place);
        expect(box.open(sealed, place)).toBe(text);
        expect(box.seal(text, place)).not.toBe(sealed);
      }),
    );
  });

  it('opens nothing under another place or key, or after a change', () => {
    const sealed = box.seal('a private key', 'signing-key:1');
    expect(() => box.open(sealed, 'signing-key:2')).toThrow('unable to authenticate data');
    expect(() => new SecretBox('cd'.repeat(32)).open(sealed, 'signing-key:1')).toThrow('unable to authenticate data');
    const [version, nonce, tag, body] = sealed.split('.');
    const changed = `${body?.startsWith('A') ? 'B' : 'A'}${body?.slice(1)}`;
    expect(() => box.open([version, nonce, tag, changed].join('.'), 'signing-key:1')).toThrow(
      'unable to authenticate data',
    );
    expect(() => box.open([version, nonce, tag?.slice(0, 6), body].join('.'), 'signing-key:1')).toThrow('tag length');
    expect(() => box.open('', 'signing-key:1')).toThrow('Not a sealed text');
  });

  it('makes ids of texts that differ by text and by key', () => {
    expect(box.fingerprint('a')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(box.fingerprint('a')).toBe(box.fingerprint('a'));
    expect(box.fingerprint('a')).not.toBe(box.fingerprint('b'));
    expect(box.fingerprint('a')).not.toBe(new SecretBox('cd'.repeat(32)).fingerprint('a'));
  });
});

describe('tokens', () => {
  it('hold 256 random bits and are known by their hash', () => {
    const { token, hash } = newToken();
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    expect(hash).toBe(tokenHash(token));
    expect(newToken().token).not.toBe(token);
  });

  it('of a person say whose they are', () => {
    const { token, hash } = newPersonToken(person, 'a use', box);
    expect(openPersonToken(token)).toEqual({ userId: person, hash });
  });

  it('of a person prove what they are for', () => {
    const { token } = newPersonToken(person, 'a use', box);
    expect(isPersonTokenFor(token, person, 'a use', box)).toBe(true);
    expect(isPersonTokenFor(token, person, 'another use', box)).toBe(false);
    expect(isPersonTokenFor(token, person, 'a use', new SecretBox('cd'.repeat(32)))).toBe(false);
    const id = Buffer.from(person.replaceAll('-', ''), 'hex');
    const made = Buffer.concat([id, Buffer.alloc(32, 7)]).toString('base64url');
    expect(isPersonTokenFor(made, person, 'a use', box)).toBe(false);
  });

  it("of any other shape are nobody's", () => {
    const { token } = newPersonToken(person, 'a use', box);
    for (const text of ['', token.slice(1), `${token}A`, `${token}=`, newToken().token, token.replace(/.$/, '!')])
      expect(openPersonToken(text)).toBeUndefined();
    fc.assert(fc.property(fc.string(), (text) => openPersonToken(text) === undefined));
  });
});
