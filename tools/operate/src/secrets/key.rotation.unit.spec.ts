import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { natsConfigText } from './nats.users.js';
import { rotateKeys, rotateTagKey, tagKeysOf } from './key.rotation.js';
import { loadSecrets, type Secrets } from './secrets.store.js';

describe('the exchange of a service’s keys', () => {
  let folder: string;
  let secrets: Secrets;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'apollo-keys-'));
    secrets = await loadSecrets(join(folder, 'secrets.json'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const nkey = (): string => secrets.natsKeys['leads']!.publicKey;
  const signing = (): string => String(secrets.contextKeys['leads']!.kid);
  const known = (): string => natsConfigText(secrets, { host: '127.0.0.1', port: 1, storeDir: '/none' });

  it('has both pairs known from the first step to the last, and the old one used until the second', async () => {
    const old = { nkey: nkey(), signing: signing() };
    await rotateKeys(secrets, 'begin', 'leads');
    const other = secrets.otherKeys['leads']!;
    expect({ nkey: nkey(), signing: signing() }).toEqual(old);
    expect(other.nats.publicKey).not.toBe(old.nkey);
    for (const key of [old.nkey, other.nats.publicKey]) expect(known()).toContain(key);

    await rotateKeys(secrets, 'switch', 'leads');
    expect({ nkey: nkey(), signing: signing() }).toEqual({ nkey: other.nats.publicKey, signing: other.context.kid });
    for (const key of [old.nkey, nkey()]) expect(known()).toContain(key);

    await rotateKeys(secrets, 'finish', 'leads');
    expect(known()).toContain(nkey());
    expect(known()).not.toContain(old.nkey);
  });

  it.each([
    ['a second beginning', ['begin', 'begin'], 'The keys of leads are being exchanged already: finish that first.'],
    ['a switch before it', ['switch'], 'The keys of leads are not being exchanged: begin with that.'],
    ['an end before the switch', ['begin', 'finish'], 'leads does not use its new keys yet: switch to them first.'],
    [
      'an end after going back',
      ['begin', 'switch', 'switch', 'finish'],
      'leads does not use its new keys yet: switch to them first.',
    ],
    ['an end before it', ['finish'], 'The keys of leads are not being exchanged: begin with that.'],
  ] as const)('refuses %s, and changes nothing', async (_name, steps, message) => {
    for (const step of steps.slice(0, -1)) await rotateKeys(secrets, step, 'leads');
    const before = structuredClone(secrets);
    await expect(rotateKeys(secrets, steps.at(-1)!, 'leads')).rejects.toThrow(message);
    expect(secrets).toEqual(before);
  });

  it('goes back to the old pair where it is switched once more, and says what comes next', async () => {
    const old = nkey();
    const said: string[] = [];
    for (const step of ['begin', 'switch', 'switch', 'switch', 'finish'] as const)
      said.push(await rotateKeys(secrets, step, 'leads'));
    expect(nkey()).not.toBe(old);
    expect(said.map((line) => /rotate (\w+) leads/.exec(line)?.[1])).toEqual([
      'switch',
      'finish',
      'switch',
      'finish',
      undefined,
    ]);
    expect(said[2]).toContain('uses its former keys');
  });

  it('refuses what has no keys', async () => {
    await expect(rotateKeys(secrets, 'begin', 'nobody')).rejects.toThrow('nobody is no service that has keys.');
  });
});

describe('the exchange of a service’s tag key', () => {
  let folder: string;
  let secrets: Secrets;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'apollo-keys-'));
    secrets = await loadSecrets(join(folder, 'secrets.json'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('has the database know both from the first step to the last, and the new one alone after it', () => {
    const [old, ...none] = tagKeysOf(secrets, 'leads');
    expect(none).toEqual([]);
    const said = [rotateTagKey(secrets, 'begin', 'leads')];
    const made = secrets.otherTagKeys['leads']?.key;
    expect(made).toMatch(/^[0-9a-f]{64}$/);
    expect(tagKeysOf(secrets, 'leads')).toEqual([old, made]);
    said.push(rotateTagKey(secrets, 'switch', 'leads'));
    expect(tagKeysOf(secrets, 'leads')).toEqual([made, old]);
    said.push(rotateTagKey(secrets, 'finish', 'leads'));
    expect(tagKeysOf(secrets, 'leads')).toEqual([made]);
    expect(said.map((line) => /tag-key (\w+) leads/.exec(line)?.[1])).toEqual(['switch', 'finish', undefined]);
  });

  it.each([
    ['a second beginning', ['begin', 'begin'], 'The tag keys of leads are being exchanged already: finish that first.'],
    ['a switch before it', ['switch'], 'The tag keys of leads are not being exchanged: begin with that.'],
    ['an end before the switch', ['begin', 'finish'], 'leads does not use its new tag keys yet: switch to them first.'],
  ] as const)('refuses %s, and changes nothing', (_name, steps, message) => {
    for (const step of steps.slice(0, -1)) rotateTagKey(secrets, step, 'leads');
    const before = structuredClone(secrets);
    expect(() => rotateTagKey(secrets, steps.at(-1)!, 'leads')).toThrow(message);
    expect(secrets).toEqual(before);
  });

  it('refuses what has no tag key', () => {
    expect(() => rotateTagKey(secrets, 'begin', 'gateway')).toThrow('gateway is no service that has a tag key.');
    expect(tagKeysOf(secrets, 'gateway')).toEqual([]);
  });
});
