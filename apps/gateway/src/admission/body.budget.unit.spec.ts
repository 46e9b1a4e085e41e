import { newId } from '@apollo/tenancy';
import { BodyBudget } from './body.budget.js';

const request = (address: string) => ({
  ip: address,
  tenant: { scope: 'org', orgId: newId(), actor: newId(), role: 'owner', requestId: newId() } as const,
});
const code = (code: string) => expect.objectContaining({ code }) as Error;

const LARGE = 20_000;

describe('bytes under way', () => {
  it('are bounded for all together, whoever they are of', () => {
    const budget = new BodyBudget(16 * LARGE);
    const leases = [1, 2, 3, 4].map((host) => budget.open(request(`192.0.2.${host}`)));
    leases.forEach((lease) => lease.take(4 * LARGE));
    const [last] = leases;
    const another = budget.open(request('192.0.2.5'));
    expect(() => another.take(LARGE)).toThrow(code('service_unavailable'));
    last?.release();
    another.take(4 * LARGE);
    expect(() => another.take(LARGE)).toThrow(code('rate_limited'));
  });

  it('of one client are bounded over the networks it has', () => {
    const budget = new BodyBudget(64 * LARGE);
    const stranger = (subnet: number) => budget.open({ ip: `2001:db8:1:10${subnet}::1`, tenant: null });
    for (const subnet of [1, 2]) stranger(subnet).take(4 * LARGE);
    expect(() => stranger(3).take(LARGE)).toThrow(code('rate_limited'));
    const of = (line: number) => budget.open(request(`2001:db8:2:${line}::1`));
    for (const line of [0x100, 0x101]) of(line).take(16 * LARGE);
    expect(() => of(0x102).take(LARGE)).toThrow(code('rate_limited'));
  });

  it('are given back once, however often it is said', () => {
    const budget = new BodyBudget(16 * LARGE);
    const lease = budget.open(request('192.0.2.1'));
    lease.take(3 * LARGE);
    lease.release();
    lease.release();
    expect(budget.underWay).toBe(0);
    expect(() => lease.take(4 * LARGE + 1)).toThrow(code('rate_limited'));
  });

  it('of large bodies leave room for small ones, of whoever has not signed in too', () => {
    const budget = new BodyBudget(64 * LARGE);
    const stranger = (host: number) => budget.open({ ip: `192.0.2.${host}`, tenant: null });
    for (const host of [1, 2, 3, 4]) stranger(host).take(4 * LARGE);
    expect(() => stranger(5).take(LARGE)).toThrow(code('rate_limited'));
    expect(() => stranger(5).take(200)).not.toThrow();
    const creeping = stranger(6);
    expect(() => creeping.take(10_000)).not.toThrow();
    expect(() => creeping.take(10_000)).toThrow(code('rate_limited'));
  });
});
