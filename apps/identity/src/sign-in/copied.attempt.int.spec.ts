import {
  ConfirmTotp,
  CreateInvitedAccount,
  EnrollTotp,
  Login,
  type identityMessages as messages,
  type ServiceName,
} from '@apollo/contracts';
import { Bus, MessageKeys } from '@apollo/messaging';
import type { RunningService } from '@apollo/service-kit';
import { newId } from '@apollo/tenancy';
import { asPerson, asPlatform, testPeer, type TestPeer, testProcessConfig } from '@apollo/testing';
import { generateSync } from 'otplib';
import { codeOf, HOME, IdentityWorld, PASSWORD, type TestPerson } from '../spec/identity.world.spec.js';

const WRONG = 'not the right password';
const SIX_REFUSALS = Array<string>(6).fill('invalid_credentials');

let world: IdentityWorld;
let another: RunningService;
let peers: TestPeer[];
let gateway: Bus;
let orgs: Bus;
beforeAll(async () => {
  world = await IdentityWorld.start('held');
  another = await world.anotherInstance();
  peers = await Promise.all([testPeer('gateway'), testPeer('orgs')]);
  gateway = copying('gateway', peers[0]!.connection);
  orgs = copying('orgs', peers[1]!.connection);
});
afterAll(async () => {
  await Promise.all([...peers.map((peer) => peer.close()), another.stop()]);
  await world.stop();
});

/**
 * A bus each of whose messages reaches the service's two processes many times: at once, and once more when it is
 * answered.
 */
function copying(service: ServiceName, connection: TestPeer['connection']): Bus {
  const send: TestPeer['connection']['request'] = async (...message) => {
    await Promise.all(Array.from({ length: 6 }, () => connection.request(...message)));
    return connection.request(...message);
  };
  const copies = new Proxy(connection, { get: (of, name) => (name === 'request' ? send : Reflect.get(of, name)) });
  return new Bus(service, new MessageKeys(service, testProcessConfig(service)), copies);
}

const login = (person: TestPerson, more: Partial<messages.LoginRequest>, idempotencyKey?: string) =>
  codeOf(
    asPlatform(() =>
      gateway.request(Login, { email: person.email, password: PASSWORD, address: HOME, ...more }, { idempotencyKey }),
    ),
  );
const inTurn = async (times: number, ask: (nth: number) => Promise<string>): Promise<string[]> => {
  const codes: string[] = [];
  for (let nth = 0; nth < times; nth += 1) codes.push(await ask(nth));
  return codes;
};

describe('an attempt whose message reaches several processes, several times', () => {
  it('counts once, and is one failed sign-in', async () => {
    const person = await world.person();
    const codes = await inTurn(7, () => login(person, { password: WRONG }));
    expect(codes).toEqual([...SIX_REFUSALS, 'rate_limited']);
    expect((await world.events(person, 7)).filter((kind) => kind === 'sign_in_failed')).toHaveLength(6);
  });

  it('takes back no failure but its own where it only lacks a code', async () => {
    const person = await world.person();
    const { secret } = await world.as(person, EnrollTotp, { password: PASSWORD });
    const code = generateSync({ secret, epoch: Math.floor(world.now().getTime() / 1000) });
    await world.as(person, ConfirmTotp, { code });
    expect(await inTurn(6, () => login(person, { password: WRONG }))).toEqual(SIX_REFUSALS);
    world.pass(1_000);
    for (let n = 0; n < 4; n += 1) expect(await login(person, {})).toBe('mfa_required');
    expect(await login(person, { password: WRONG })).toBe('invalid_credentials');
    expect(await login(person, { password: WRONG })).toBe('rate_limited');
  });

  it('counts once where somebody proves themselves again', async () => {
    const person = await world.person();
    const enroll = (): Promise<string> =>
      codeOf(asPerson(person.id, () => gateway.request(EnrollTotp, { password: WRONG })));
    expect(await inTurn(7, enroll)).toEqual([...SIX_REFUSALS, 'rate_limited']);
  });
});

describe('an attempt under the key of one before it', () => {
  it('counts as one more, with another password and with the same', async () => {
    const [person, other] = [await world.person(), await world.person()];
    const key = newId();
    const codes = [...SIX_REFUSALS, 'rate_limited'];
    expect(await inTurn(7, (nth) => login(person, { password: `${WRONG} ${nth}` }, key))).toEqual(codes);
    expect(await inTurn(7, () => login(other, { password: WRONG }, key))).toEqual(codes);
  });

  it('counts as one more with another password where it accepts an invitation, and not with the same', async () => {
    const person = await world.person();
    const accept = (password: string): Promise<string> =>
      codeOf(
        asPlatform(() =>
          orgs.request(
            CreateInvitedAccount,
            { email: person.email, name: 'Again', password },
            { idempotencyKey: 'same' },
          ),
        ),
      );
    expect(await inTurn(8, () => accept(WRONG))).toEqual(Array(8).fill('state_conflict'));
    expect(await inTurn(6, (nth) => accept(`${WRONG} ${nth}`))).toEqual([
      ...Array(5).fill('state_conflict'),
      'rate_limited',
    ]);
  });
});
