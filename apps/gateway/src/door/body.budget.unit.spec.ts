import { newId } from '@apollo/tenancy';
import { BodyBudget } from './body.budget.js';

const request = (address: string) => ({
  ip: address,
  tenant: { scope: 'org', orgId: newId(), actor: newId(), role: 'owner', requestId: newId() } as const,
});
const code = (code: string) => expect.objectContaining({ code }) as Error;

describe('bytes under way', () => {
  it('are bounded for all together, whoever they are of', () => {
    const budget = new BodyBudget(1_600);
    const leases = [1, 2, 3, 4].map((host) => budget.open(request(`192.0.2.${host}`)));
    leases.forEach((lease) => lease.take(400));
    const [last] = leases;
    const another = budget.open(request('192.0.2.5'));
    expect(() => another.take(1)).toThrow(code('service_unavailable'));
    last?.release();
    another.take(400);
    expect(() => another.take(1)).toThrow(code('rate_limited'));
  });

  it('are given back once, however often it is said', () => {
    const budget = new BodyBudget(1_600);
    const lease = budget.open(request('192.0.2.1'));
    lease.take(300);
    lease.release();
    lease.release();
    expect(budget.underWay).toBe(0);
    expect(() => lease.take(401)).toThrow(code('rate_limited'));
  });
});
