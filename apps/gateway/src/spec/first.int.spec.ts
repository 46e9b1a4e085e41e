import { World } from './world.spec.js';
let world: World;
beforeAll(async () => { world = await World.start(); });
afterAll(() => world?.stop());
it('boots', async () => {
  const a = await world.ask('GET', '/livez');
  console.log(a.status, Object.fromEntries(a.headers), a.text);
  console.log(await world.ask('GET', '/v1/me'));
  const p = await world.person();
  const org = world.org({ [p.id]: 'viewer' });
  console.log(await world.ask('GET', `/v1/orgs/${org.slug}/leads?limit=3`, { as: p }));
  console.log(await world.ask('POST', `/v1/orgs/${org.slug}/leads`, { as: p, body: {contact_name: 'x'} }));
  console.log(world.received, world.failures);
});
