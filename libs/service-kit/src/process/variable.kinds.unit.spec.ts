import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createUser, createAccount } from '@nats-io/nkeys';
import * as kinds from './variable.kinds.js';

describe('a variable', () => {
  const HEX = '5e'.repeat(32);

  it.each<[string, kinds.VariableKind<unknown>, string[], string[]]>([
    [
      'a database',
      kinds.DATABASE_URL,
      ['postgres://leads_app:pw@127.0.0.1:5433/apollo', 'postgresql://h/d?sslmode=verify-full'],
      ['foo', 'localhost:5432', 'mysql://h/d', 'postgres://a:100%@h/d', ' '],
    ],
    [
      'a server of NATS',
      kinds.NATS_URL,
      ['nats://127.0.0.1:4222', 'nats://a:4222,nats://b:4222'],
      ['foo', '127.0.0.1:4222', 'http://a:4222', 'nats://', 'nats://a:4222,'],
    ],
    ['a mail server', kinds.SMTP_URL, ['smtp://mail:1025', 'smtps://u:p%40@mail'], ['foo', 'mail:1025', 'smtp:mail']],
    [
      'where pages begin',
      kinds.WEB_ADDRESS,
      ['http://127.0.0.1:8080', 'https://apollo.example/app'],
      ['foo', 'apollo.example', 'foo://a', 'https://', 'https://u@a', 'https://a/?b', 'https://a/#b', 'https://a /'],
    ],
    [
      'a sender',
      kinds.SENDER,
      ['no-reply@apollo.test', 'Apollo Space <no-reply@apollo.test>', '<a@b>'],
      ['foo', 'Apollo Space', 'Apollo Space <foo>', 'a@b, c@d', 'a@b@c', 'A <a@b', 'A\r\nBcc: x <a@b>'],
    ],
    ['a secret', kinds.HEX_KEY, [HEX, HEX.toUpperCase()], ['aa', `${HEX}0`, HEX.replace('5', 'g')]],
    ['a flag', kinds.FLAG, ['true', 'false'], ['yes', '1', 'True', 'constructor']],
    ['a port', kinds.PORT, ['0', '65535'], ['65536', '-1', '1.5', 'x', '0x10', '1e3', ' 80']],
    ['a number', kinds.wholeNumber(2, 4), ['2', '4'], ['1', '5', '', '+3']],
    ['a level', kinds.LOG_LEVEL, ['trace', 'silent'], ['loud', 'INFO', 'toString']],
    [
      'proxies',
      kinds.PROXIES,
      ['127.0.0.1', 'loopback, 10.0.0.0/8', '10.0.0.0/255.0.0.0', '::1', 'fd00::/8', '::ffff:10.0.0.1'],
      ['nonsense', '10.0.0.0/33', '10.0.0.0/0', '10.0.0.0/8/8', '::/129', '10.1', '10.0.0.0/255.0.255.0', '127.0.0.1,'],
    ],
  ])('that is to be %s is that, or is refused', (_what, kind, right, wrong) => {
    const of = (texts: string[], isRead: boolean) => texts.filter((text) => (kind.read(text) !== undefined) !== isRead);
    expect([of(right, true), of(wrong, false)]).toEqual([[], []]);
  });

  it('is read as what it stands for', () => {
    expect(kinds.WEB_ADDRESS.read('https://apollo.example/app///')).toBe('https://apollo.example/app');
    expect([kinds.PORT.read('8080'), kinds.FLAG.read('false')]).toEqual([8080, false]);
  });

  it('says what it must be, with its choices', () => {
    expect(kinds.LOG_LEVEL.form).toBe('trace, debug, info, warn, error, fatal or silent');
    expect(kinds.wholeNumber(1, 9).form).toBe('a whole number from 1 to 9');
  });
});

describe('a variable that names a file', () => {
  let folder: string;
  beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'apollo-kinds-'))));
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const file = async (text: string): Promise<string> => {
    const path = join(folder, 'file');
    await writeFile(path, text);
    return path;
  };
  const seed = (pair: ReturnType<typeof createUser>): string => new TextDecoder().decode(pair.getSeed());
  const key = { kty: 'OKP', crv: 'Ed25519', x: 'x', d: 'd', kid: 'leads' };

  it('is refused where the file is not there', () => {
    for (const kind of [kinds.NKEY_FILE, kinds.SIGNING_KEY_FILE, kinds.PUBLIC_KEYS_FILE])
      expect(kind.read(join(folder, 'nowhere'))).toBeUndefined();
  });

  it('names the seed of a user’s key, and of nothing else', async () => {
    const user = seed(createUser());
    expect(kinds.NKEY_FILE.read(await file(`${user}\n`))).toBe(join(folder, 'file'));
    for (const text of [seed(createAccount()), user.slice(1), JSON.stringify(key)])
      expect(kinds.NKEY_FILE.read(await file(text))).toBeUndefined();
  });

  it('names a private key, or the public ones of all, and never the other', async () => {
    const keys = { keys: [key] };
    expect(kinds.SIGNING_KEY_FILE.read(await file(JSON.stringify(key)))).toEqual(key);
    expect(kinds.PUBLIC_KEYS_FILE.read(await file(JSON.stringify(keys)))).toEqual([key]);
    for (const text of [JSON.stringify(keys), JSON.stringify({ ...key, d: undefined }), 'null', '{'])
      expect(kinds.SIGNING_KEY_FILE.read(await file(text))).toBeUndefined();
    for (const text of [JSON.stringify(key), '{"keys":[]}', 'null', '{'])
      expect(kinds.PUBLIC_KEYS_FILE.read(await file(text))).toBeUndefined();
  });
});
