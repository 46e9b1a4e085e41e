import { register } from 'prom-client';
import { BoundedCounter } from './bounded.counter.js';

interface Value {
  readonly labels: Partial<Record<string, string | number>>;
  readonly value: number;
}

describe('counters by organization', () => {
  const one = new BoundedCounter({ name: 'one_total', help: 'One', labelNames: ['type', 'org_id'] });
  const other = new BoundedCounter({ name: 'other_total', help: 'Other', labelNames: ['org_id'] });
  const values = async (name: string): Promise<readonly Value[]> =>
    (await register.getSingleMetric(name)?.get())?.values ?? [];
  const valueOf = async (name: string, org: string): Promise<number | undefined> =>
    (await values(name)).find(({ labels }) => labels['org_id'] === org)?.value;

  it('add up by what they are labelled with', async () => {
    one.inc({ type: 'a', org_id: 'first' });
    one.inc({ type: 'a', org_id: 'first' }, 4);
    one.inc({ type: 'b', org_id: 'second' });
    other.inc({ org_id: 'first' }, 2);
    expect(await values('one_total')).toEqual([
      { labels: { type: 'a', org_id: 'first' }, value: 5 },
      { labels: { type: 'b', org_id: 'second' }, value: 1 },
    ]);
    expect(await valueOf('other_total', 'first')).toBe(2);
  });

  it('stay as few as they may be, however many organizations are named; those in use stay', async () => {
    one.inc({ type: 'a', org_id: 'busy' });
    other.inc({ org_id: 'quiet' });
    for (let n = 0; n < 25_000; n++) {
      one.inc({ type: 'a', org_id: `made up ${n}` });
      if (n % 1_000 === 0) one.inc({ type: 'a', org_id: 'busy' });
    }
    expect((await values('one_total')).length + (await values('other_total')).length).toBe(10_000);
    expect(await valueOf('one_total', 'busy')).toBe(26);
    expect(await valueOf('one_total', 'made up 24999')).toBe(1);
    expect(await valueOf('one_total', 'made up 1')).toBeUndefined();
    expect(await valueOf('other_total', 'quiet')).toBeUndefined();
    other.inc({ org_id: 'quiet' });
    expect(await valueOf('other_total', 'quiet')).toBe(1);
  });
});
