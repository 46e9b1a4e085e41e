import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Login } from '@apollo/contracts';
import { World } from './world.spec.js';

describe('rate limits (H31)', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start({ limits: { perAddress: 600, perAddressUnknown: 20, perOrg: 60 } });
  });
  afterAll(() => world?.stop());

  it('stops guessing early, says when to come back and asks nobody', async () => {
    const answers = await Promise.all(
      Array.from({ length: 15 }, () =>
        world.ask('POST', '/v1/auth/login', { body: { email: 'a@example.com', password: 'x' } }),
      ),
    );
    const refused = answers.filter(({ status }) => status === 429);
    // One more is let in for every three seconds that the fifteen took.
    expect(refused.length).toBeGreaterThanOrEqual(2);
    for (const { json, headers } of refused) {
      expect(json['code']).toBe('rate_limited');
      expect([1, 2, 3]).toContain(Number(headers.get('retry-after')));
    }
    expect(world.asked(Login)).toHaveLength(15 - refused.length);
    expect((await world.ask('GET', '/livez')).status).toBe(200);
  });

  it('keeps the connections of one client below what there are, and reads nothing on one too many', async () => {
    const few = await world.anotherGateway({ limits: { connectionsPerAddress: 2 } });
    const say = async (socket: Socket): Promise<string> => {
      socket.write('GET /livez HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
      return (await socket.setEncoding('utf8').toArray()).join('');
    };
    const open = async (): Promise<Socket> => {
      const socket = connect(few.httpPort, '127.0.0.1');
      await once(socket, 'connect');
      return socket;
    };
    const [first, second, third] = [await open(), await open(), await open()];
    const refused = await say(third);
    expect(refused).toMatch(/^HTTP\/1.1 429 .*retry-after: 30.*rate_limited/s);
    expect(await say(first)).toMatch(/^HTTP\/1.1 200 /);
    expect(await say(await open())).toMatch(/^HTTP\/1.1 200 /);
    second.destroy();
    // Whoever is refused and goes on sending is not waited for.
    const [, , fourth] = [
      await open(),
      await open(),
      connect({ port: few.httpPort, host: '127.0.0.1', allowHalfOpen: true }),
    ];
    fourth.on('error', () => undefined).resume();
    const sending = setInterval(() => fourth.write('x'), 50);
    const ended = await Promise.race([
      new Promise((resolve) => fourth.once('close', () => resolve(true))),
      sleep(10_000, false),
    ]);
    clearInterval(sending);
    expect(ended).toBe(true);
    await few.stop();
  });

  it('slows one organization down and not another', async () => {
    const person = await world.person();
    const [a, b] = [world.org({ [person.id]: 'owner' }), world.org({ [person.id]: 'owner' })];
    const flood = await Promise.all(
      Array.from({ length: 60 }, () => world.ask('GET', `/v1/orgs/${a.slug}`, { as: person })),
    );
    expect(flood.filter(({ status }) => status === 429).length).toBeGreaterThanOrEqual(28);
    expect((await world.ask('GET', `/v1/orgs/${b.slug}`, { as: person })).status).toBe(200);
  });

  it('counts what a role may not do as well', async () => {
    const viewer = await world.person();
    const org = world.org({ [viewer.id]: 'viewer' });
    const refused = await Promise.all(
      Array.from({ length: 60 }, () =>
        world.ask('POST', `/v1/orgs/${org.slug}/leads`, { as: viewer, body: { contact_name: 'A' } }),
      ),
    );
    expect(new Set(refused.map(({ status }) => status))).toEqual(new Set([403, 429]));
  });

  it('does not let a stranger use up an organization’s share', async () => {
    const [stranger, member] = [await world.person(), await world.person()];
    const org = world.org({ [member.id]: 'owner' });
    await Promise.all(Array.from({ length: 50 }, () => world.ask('GET', `/v1/orgs/${org.slug}`, { as: stranger })));
    expect((await world.ask('GET', `/v1/orgs/${org.slug}`, { as: member })).status).toBe(200);
  });

  it('counts an address whatever it says about itself', async () => {
    const statuses = await Promise.all(
      Array.from(
        { length: 400 },
        async (_, index) =>
          (await world.ask('GET', '/livez', { headers: { 'x-forwarded-for': `10.0.0.${index % 250}` } })).status,
      ),
    );
    expect(statuses).toContain(429);
  });
});
