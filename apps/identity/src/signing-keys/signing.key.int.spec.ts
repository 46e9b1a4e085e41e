import { GetSigningKeys, type identityMessages as messages } from '@apollo/contracts';
import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose';
import { IdentityWorld, type TestPerson } from '../spec/identity.world.spec.js';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

let world: IdentityWorld;
let person: TestPerson;
beforeAll(async () => {
  world = await IdentityWorld.start('held');
  person = await world.person();
});
afterAll(() => world.stop());

const published = () => world.ask(GetSigningKeys, {});
const kids = (keys: messages.SigningKeys) => keys.keys.map(({ kid }) => kid);
const signedBy = (token: string) => String(decodeProtectedHeader(token).kid);
const verify = async (token: string) =>
  jwtVerify(token, createLocalJWKSet((await published()) as unknown as JSONWebKeySet), { currentDate: world.now() });

it('rotates every 30 days, publishes the next key a day ahead and the old one until its last token has expired', async () => {
  const [first] = kids(await published());
  expect(kids(await published())).toEqual([first]);

  world.pass(29 * DAY_MS);
  const two = kids(await published());
  expect(two).toHaveLength(2);
  expect(signedBy((await world.login(person)).access_token)).toBe(first);

  world.pass(DAY_MS - 1);
  const last = (await world.login(person)).access_token;
  expect(signedBy(last)).toBe(first);
  world.pass(1);
  const next = (await world.login(person)).access_token;
  expect(signedBy(next)).toBe(two[1]);
  await verify(next);

  world.pass(10 * MINUTE_MS - 1_000);
  await verify(last);
  world.pass(6 * MINUTE_MS);
  expect(kids(await published())).toEqual([two[1]]);
  await expect(verify(last)).rejects.toThrow('no applicable key');
  expect(await world.test.admin('select id from identity.signing_keys')).toEqual([{ id: two[1] }]);
});

it('makes a key at once when the last one is long past its time', async () => {
  const before = kids(await published());
  world.pass(90 * DAY_MS);
  const { access_token } = await world.login(person);
  await verify(access_token);
  expect(before).not.toContain(signedBy(access_token));
});

it("makes one key for all instances, which accept each other's tokens", async () => {
  const second = await world.anotherInstance();
  try {
    world.pass(90 * DAY_MS);
    // Few enough at once to be let through by the throttle, enough for both instances to get some.
    const tokens = (
      await Promise.all(
        [world.person(), world.person(), world.person()].map(async (made) => {
          const someone = await made;
          return Promise.all(Array.from({ length: 4 }, () => world.login(someone)));
        }),
      )
    ).flat();
    expect(new Set(tokens.map(({ access_token }) => signedBy(access_token))).size).toBe(1);
    for (const { access_token } of tokens) await verify(access_token);
  } finally {
    await second.stop();
  }
});

it('publishes public parts only and keeps the private ones sealed', async () => {
  const keys = await published();
  for (const key of keys.keys) expect(Object.keys(key).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x']);
  const [row] = await world.test.admin('select sealed_private from identity.signing_keys limit 1');
  expect(row?.['sealed_private']).toMatch(/^v1\./);
  expect(JSON.stringify(row)).not.toContain('"d"');
});
