import { createLogger } from '@apollo/service-kit';
import { currentTenant, newId } from '@apollo/tenancy';
import { testOrg, until } from '@apollo/testing';
import { WorkRunner } from './work.runner.js';

interface Due {
  readonly org_id: string;
  readonly id: string;
  readonly started_by: string;
}

describe('A74 a runner', () => {
  const [a, b] = [testOrg(), testOrg()];
  const due: Due[] = [a, a, a, b].map((org) => ({ org_id: org.id, id: newId(), started_by: org.owner }));
  const begun: (string | null)[] = [];
  const putOff: string[] = [];
  let begin: () => Promise<(() => Promise<void>) | undefined>;

  const runnerOf = (pauseMs: number, places = 2, placesOfOrg?: number) =>
    new WorkRunner<Due>(
      {
        due: () => Promise.resolve(due),
        begin: () => begin(),
        putOff: ({ id }) => void putOff.push(id),
      },
      {
        service: 'leads',
        reason: 'spec',
        places,
        ...(placesOfOrg && { placesOfOrg }),
        pauseMs,
        logger: createLogger('leads', 'silent'),
      },
    );

  beforeEach(() => {
    begun.length = 0;
    putOff.length = 0;
  });

  it('gives an organization one place, however much of its work says that nobody does it', async () => {
    const end = Promise.withResolvers<void>();
    begin = () => {
      const { orgId } = currentTenant();
      begun.push(orgId);
      return Promise.resolve(orgId === a.id ? () => end.promise : undefined);
    };
    const runner = runnerOf(1);
    runner.start();
    await until(() => begun.length > 5);
    end.resolve();
    await runner.stop();
    expect(begun.slice(0, 6)).toEqual([a.id, b.id, b.id, b.id, b.id, b.id]);
  });

  it('gives an organization as many places as it has and no more, the first of each before the second', async () => {
    const end = Promise.withResolvers<void>();
    begin = () => {
      begun.push(currentTenant().orgId);
      return Promise.resolve(() => end.promise);
    };
    const runner = runnerOf(1, 10, 2);
    runner.start();
    await until(() => begun.length > 3);
    // Looked at again and again meanwhile.
    await until(() => begun.length > 4, { withinMs: 200 }).catch(() => undefined);
    expect(begun).toEqual([a.id, b.id, a.id, b.id]);
    end.resolve();
    await runner.stop();
  });

  it('works in the context of the organization, and of whoever asked for it', async () => {
    const contexts: unknown[] = [];
    begin = () => {
      const { scope, orgId, actor } = currentTenant();
      contexts.push({ scope, orgId, actor });
      return Promise.resolve(undefined);
    };
    expect(await runnerOf(1).round()).toBe(due.length);
    const expected = due.map(({ org_id, started_by }) => ({ scope: 'org', orgId: org_id, actor: started_by }));
    expect(contexts).toHaveLength(expected.length);
    expect(contexts).toEqual(expect.arrayContaining(expected));
  });

  it('goes on behind what cannot be begun or done, and puts it off', async () => {
    const failing = new RangeError('what stands in its row');
    begin = () => {
      if (currentTenant().orgId === a.id)
        return putOff.length === 0 ? Promise.reject(failing) : Promise.resolve(() => Promise.reject(failing));
      begun.push(currentTenant().orgId);
      return Promise.resolve(undefined);
    };
    await runnerOf(1).round();
    expect(begun).toEqual([b.id]);
    expect(putOff).toEqual(due.slice(0, 3).map(({ id }) => id));
  });

  it('looks again at once behind what it has worked on, and has nobody wait who is alone', async () => {
    let looks = 0;
    const over: boolean[] = [];
    const second = Promise.withResolvers<void>();
    const { now } = performance;
    const runner = new WorkRunner<Due>(
      {
        due: async () => {
          if ((looks += 1) === 2) second.resolve();
          return looks === 1 ? due.slice(0, 1) : [];
        },
        begin: async () => async (turn) => {
          performance.now = () => now.call(performance) + 3_600_000;
          over.push(turn.isOver);
          performance.now = now;
        },
        putOff: () => Promise.resolve(),
      },
      { service: 'leads', reason: 'spec', places: 2, pauseMs: 2_000_000_000, logger: createLogger('leads', 'silent') },
    );
    runner.start();
    await second.promise;
    await runner.stop();
    expect(over).toEqual([false]);
  });
});
