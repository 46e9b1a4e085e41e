import type { TenantDatabase } from '@apollo/tenancy/postgres';
import { SecretBox } from '../secrets/secret.box.js';
import type { ThrottleRepository } from './throttle.repository.js';
import { ThrottleService } from './throttle.service.js';

it('counts over the networks of one client', async () => {
  const counted: string[][] = [];
  const database = { transaction: (work: () => unknown) => work() } as unknown as TenantDatabase;
  const counters = {
    locked: (ids: string[]) => {
      counted.push(ids);
      return new Map();
    },
    keep: () => undefined,
  } as unknown as ThrottleRepository;
  const service = new ThrottleService(database, counters, new SecretBox('5e'.repeat(32)), () => new Date());
  const ids = async (address: string): Promise<string[]> => {
    await service.take('sign-in', address, address);
    return counted.at(-1) ?? [];
  };
  const ours = await ids('2001:db8:1:101::1');
  /** How many of our counters an attempt from elsewhere counts at as well. */
  const shared = async (address: string): Promise<number> =>
    (await ids(address)).filter((id) => ours.includes(id)).length;
  expect(await shared('2001:db8:1:101::2')).toBe(3);
  expect(await shared('2001:db8:1:102::1')).toBe(2);
  expect(await shared('2001:db8:1:201::1')).toBe(1);
  expect(await shared('2001:db8:2:101::1')).toBe(0);
  expect(await ids('192.0.2.7')).toHaveLength(4);
});
