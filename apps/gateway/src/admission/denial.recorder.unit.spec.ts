import { setTimeout as sleep } from 'node:timers/promises';
import { CreateLead, DomainError } from '@apollo/contracts';
import type { Bus } from '@apollo/messaging';
import { createLogger } from '@apollo/service-kit/process';
import { currentTenant } from '@apollo/tenancy';
import { type TestOrg, twoOrgs } from '@apollo/testing';
import { DenialRecorder } from './denial.recorder.js';

interface Entry {
  readonly org: string | null;
  readonly actor: string;
  readonly not_recorded?: number;
  readonly key?: string;
}

describe('refusals that the gateway has recorded', () => {
  const [a, b] = twoOrgs();
  let entries: Entry[];
  let answer: () => Promise<void>;
  let recorder: DenialRecorder;

  beforeEach(() => {
    entries = [];
    answer = () => Promise.resolve();
    const bus = {
      request: async (
        _contract: unknown,
        { not_recorded }: { not_recorded?: number },
        { idempotencyKey: key }: { idempotencyKey?: string },
      ) => {
        const { orgId, actor } = currentTenant();
        entries.push({ org: orgId, actor, not_recorded, key });
        await answer();
      },
    } as unknown as Bus;
    recorder = new DenialRecorder(bus, createLogger('gateway', 'silent'), { countFor: 20, againAfter: 20 });
  });

  const refuse = (org: TestOrg): Promise<void> =>
    org.as(() => recorder.record(CreateLead, new DomainError('forbidden')));
  const of = (org: TestOrg): (number | undefined)[] =>
    entries.filter((entry) => entry.org === org.id).map(({ not_recorded }) => not_recorded);
  const noted = async (count: number): Promise<void> => {
    for (const end = Date.now() + 5_000; entries.filter(({ not_recorded }) => not_recorded).length < count;) {
      if (Date.now() > end) throw new Error('nothing was noted');
      await sleep(5);
    }
  };

  it('lose by a flood only those of the organization it comes from, and its log says how many', async () => {
    const log = Promise.withResolvers<void>();
    answer = () => log.promise;
    const flood = Array.from({ length: 300 }, () => refuse(a));
    const other = refuse(b);
    answer = () => Promise.resolve();
    log.resolve();
    await Promise.all([...flood, other]);
    await noted(1);
    expect(of(b)).toEqual([undefined]);
    expect(of(a)).toEqual([...Array<undefined>(20).fill(undefined), 280]);
    expect(entries.at(-1)?.actor).toBe(a.owner);
    await refuse(a);
    expect(of(a)).toHaveLength(22);
  });

  it('that the log was out of reach for are counted there once it is reached, under one key', async () => {
    answer = () => Promise.reject(new DomainError('service_unavailable'));
    await Promise.all([refuse(a), refuse(a)]);
    await noted(2);
    answer = () => Promise.resolve();
    const before = entries.length;
    await noted(entries.filter(({ not_recorded }) => not_recorded).length + 1);
    const notes = entries.filter(({ not_recorded }) => not_recorded);
    expect(notes.every(({ not_recorded }) => not_recorded === 2)).toBe(true);
    expect(new Set(notes.map(({ key }) => key)).size).toBe(1);
    await sleep(60);
    expect(entries).toHaveLength(before + 1);
  });

  it('are noted as lost before the gateway is gone', async () => {
    answer = () => Promise.reject(new DomainError('deadline_exceeded'));
    await refuse(a);
    answer = () => Promise.resolve();
    await recorder.close();
    expect(of(a)).toEqual([undefined, 1]);
  });
});
