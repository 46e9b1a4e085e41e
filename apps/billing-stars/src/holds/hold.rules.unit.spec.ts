import { raisersOf, reservationHash } from './hold.rules.js';

describe('the rules of reservations', () => {
  const request = { key: 'key-0001', stars: 5, agent_id: 'a', run_id: 'r', price_version: 1 };

  it('name who may raise each layer: Owners buy Stars, Owners and Admins configure caps', () => {
    expect(raisersOf('wallet')).toEqual(['owner']);
    for (const layer of ['org_month', 'agent_day', 'user_agent_month'] as const)
      expect(raisersOf(layer)).toEqual(['owner', 'admin']);
  });

  it('take two requests for the same whatever their key and with the standard expiry said or not', () => {
    expect(reservationHash({ ...request, key: 'key-0002', ttl_seconds: 600 })).toBe(reservationHash(request));
  });

  it.each([
    { stars: 6 },
    { agent_id: 'b' },
    { person_id: 'p' },
    { run_id: 's' },
    { price_version: 2 },
    { ttl_seconds: 5 },
  ])('tell requests apart by %j', (change) => {
    expect(reservationHash({ ...request, ...change })).not.toBe(reservationHash(request));
  });
});
