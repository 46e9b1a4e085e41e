import { newId } from '@apollo/tenancy';
import type { JobHandler } from './job.handler.js';
import { JobSource, type JobSurroundings } from './job.source.js';
import type { DueJob } from './jobs.js';
import { WorkTurn } from './work.turn.js';

describe('jobs under way in one process', () => {
  const [a, b] = [newId(), newId()];
  const sameId = newId();
  const of = (org_id: string): DueJob => ({ org_id, job_id: sameId, started_by: newId() }) as DueJob;

  it('are told apart where two organizations chose one id for theirs', async () => {
    const turns: WorkTurn[] = [];
    const ends: (() => void)[] = [];
    const handler = {
      kind: 'held',
      attempts: 1,
      work: (_job: unknown, turn: WorkTurn) => {
        turns.push(turn);
        return new Promise<void>((resolve) => ends.push(resolve));
      },
    } as unknown as JobHandler;
    const source = new JobSource({
      database: { transaction: (fn: (open: object) => unknown) => fn({ precede: () => undefined }) },
      context: { actingFor: (_job: unknown, _name: unknown, fn: () => unknown) => fn() },
      handlers: new Map([['held', handler]]),
      permit: { ask: () => Promise.resolve('granted') },
      jobs: { granted: () => undefined, claim: () => ({ id: sameId, kind: 'held', attempts: 1 }), end: () => false },
      stops: { end: () => Promise.resolve() },
      logger: { info: () => undefined },
    } as unknown as JobSurroundings);
    const begin = async (due: DueJob): Promise<Promise<void> | undefined> =>
      (await source.begin(due))?.(new WorkTurn(new AbortController().signal, () => false));
    const works = [begin(of(b)), begin(of(a))];
    await new Promise((resolve) => setImmediate(resolve));
    ends[1]?.();
    await works[1];
    expect(source.underWayHere().map(({ org_id }) => org_id)).toEqual([b]);
    source.interrupt(({ org_id }) => org_id === b);
    expect(turns[0]?.signal.aborted).toBe(true);
    ends[0]?.();
    await works[0];
    expect(source.underWayHere()).toEqual([]);
  });

  it('wait where no handler does their kind in such a name, and the log says so', async () => {
    const warned: object[] = [];
    const released: unknown[][] = [];
    const source = new JobSource({
      database: { transaction: (fn: (open: object) => unknown) => fn({ precede: () => undefined }) },
      handlers: new Map(),
      permit: { ask: () => Promise.resolve('granted') },
      jobs: {
        granted: () => undefined,
        claim: () => ({ id: sameId, kind: 'unheard-of' }),
        release: (...args: unknown[]) => released.push(args),
      },
      logger: { warn: (facts: object) => warned.push(facts) },
    } as unknown as JobSurroundings);
    expect(await source.begin(of(a))).toBeUndefined();
    expect(warned).toEqual([{ job_id: sameId, kind: 'unheard-of' }]);
    expect(released).toHaveLength(1);
  });
});
