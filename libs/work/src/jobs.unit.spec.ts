import { newId, runInTenantContext } from '@apollo/tenancy';
import type { Call, Statement } from '@apollo/tenancy/postgres';
import { orgContext } from '@apollo/testing';
import { handling, type HandledMessage } from '@apollo/messaging';
import { Jobs } from './jobs.js';

type Asked = [text: string, parameters: Record<string, unknown>];

describe('what is asked of the database about jobs', () => {
  let asked: Asked[] = [];
  let rows: object[] = [];
  beforeEach(() => {
    asked = [];
    rows = [];
  });
  /** The function that a statement calls, with its parameters by name. */
  const ask = ({ text, parameters }: Statement<never, never>, given: Record<string, unknown>): object[] => {
    const called = text.replace(/\$(\d+)/g, (_, nth) => `:${parameters[Number(nth) - 1]}`);
    asked.push([/sample\.\w+(?:\(.*?\))?(?: as \w+)?/.exec(called)?.[0] ?? '', { ...given }]);
    return rows;
  };
  const query = async (statement: never, given: Record<string, unknown>): Promise<object[]> => ask(statement, given);
  const database = {
    query,
    batch: async (calls: Call<object>[]) => calls.map(([statement, given]) => ask(statement as never, { ...given })),
    transaction: (work: (open: object) => unknown) => work({ query, afterCommit: () => undefined }),
  };
  const jobs = new Jobs(database as never, 'sample');
  const claim = { id: 'job', lease: 'lease' };

  it.each<[string, () => Promise<unknown>, Asked]>([
    [
      'release',
      () => jobs.release(claim, 5, true),
      ['sample.release_job(:id, :lease, :is_attempt, :seconds)', { ...claim, seconds: 5, is_attempt: true }],
    ],
    ['put off', () => jobs.putOff('job', 5), ['sample.put_off_job(:id, :seconds)', { id: 'job', seconds: 5 }]],
    ['put off a stopped one', () => jobs.putOffStopped('job'), ['sample.put_off_stopped_job(:id)', { id: 'job' }]],
    ['stopped ones', () => jobs.findStopped('org'), ['sample.find_stopped_jobs(:after)', { after: 'org' }]],
    ['due ones', () => jobs.findDue('org'), ['sample.find_due_jobs(:after)', { after: 'org' }]],
    ['own ones', () => jobs.findOwn('org'), ['sample.find_own_jobs(:after)', { after: 'org' }]],
    ['dead ones', () => jobs.findDead(), ['sample.find_dead_jobs()', {}]],
    [
      'the stop of all',
      () => jobs.stop(null, 'code', 'why'),
      ['sample.stop_jobs(:of, :code, :detail)', { of: null, code: 'code', detail: 'why' }],
    ],
    ['the end of a stopped one', () => jobs.endStopped('job'), ['sample.end_stopped_job(:id)', { id: 'job' }]],
  ])('is its own function: %s', async (_what, act, wanted) => {
    await act();
    expect(asked).toEqual([wanted]);
  });

  it.each<[string, () => Promise<unknown>, Asked, string]>([
    [
      'keep',
      () => jobs.keep(claim, { n: 1 }),
      [
        'sample.keep_job(:id, :lease, :came_on, :progress::jsonb) as alive',
        { ...claim, came_on: false, progress: '{"n":1}' },
      ],
      'alive',
    ],
    [
      'end',
      () => jobs.end('job', 'lease', { state: 'done' }),
      [
        'sample.end_job(:id, :lease, :state, :code, :detail) as ended',
        { ...claim, state: 'done', code: null, detail: null },
      ],
      'ended',
    ],
    [
      'cancel',
      () => jobs.cancel('job'),
      [
        'sample.end_job(:id, :lease, :state, :code, :detail) as ended',
        { id: 'job', lease: null, state: 'cancelled', code: null, detail: null },
      ],
      'ended',
    ],
    [
      'stop',
      () => jobs.stopOne('job', 'code', 'why'),
      ['sample.stop_job(:id, :code, :detail) as stopped', { id: 'job', code: 'code', detail: 'why' }],
      'stopped',
    ],
    ['replay', () => jobs.replay('job'), ['sample.replay_job(:id) as known', { id: 'job' }], 'known'],
    ['give up', () => jobs.giveUp('job'), ['sample.give_up_job(:id) as known', { id: 'job' }], 'known'],
  ])('says whether it was so: %s', async (_what, act, wanted, column) => {
    rows = [{ [column]: true }];
    expect([await act(), asked]).toEqual([true, [wanted]]);
    for (const other of [[{ [column]: false }], [{ [column]: null }], []]) {
      rows = other;
      expect(await act()).toBe(false);
    }
  });

  it('gives what was found, and what was claimed with what was granted for it', async () => {
    rows = [{ kind: 'kit', delegation: 'text' }];
    expect([await jobs.find('job'), await jobs.granted('job')]).toEqual([rows[0], rows[0]]);
    expect(await jobs.claim('job', 'lease')).toEqual({ kind: 'kit', delegation: 'text', ...claim });
    expect(asked.slice(2)).toEqual([
      ['sample.claim_job(:id, :lease, :places)', { ...claim, places: 1 }],
      ['sample.jobs', { id: 'job' }],
    ]);
    rows = [];
    expect([await jobs.find('job'), await jobs.granted('job'), await jobs.claim('job', 'lease')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('holds a claim with each step, and says that it came on', () => {
    const [statement, given] = jobs.cameOn(claim) as unknown as [Statement<never, never>, object];
    expect([statement.text, given]).toEqual([
      expect.stringContaining('sample.keep_job('),
      { ...claim, came_on: true, progress: null },
    ]);
  });

  describe('when one is started', () => {
    const [org, person, id] = [newId(), newId(), newId()];
    const context = orgContext(org, person, 'owner');
    const start = (run?: string): Promise<void> => {
      const granted = run && { text: 'the text', grant: { run } };
      const message = { envelope: { granted } } as unknown as HandledMessage;
      return runInTenantContext(context, () =>
        handling(message, () => jobs.start({ id, kind: 'kit', payload: { n: 1 }, seconds: 5 })),
      );
    };
    const started = { id, kind: 'kit', payload: '{"n":1}', seconds: 5, by: person };

    it('is in the name of its person, by what they granted for it and for nothing else', async () => {
      await start(id);
      await start(newId());
      await start();
      await runInTenantContext(context, () => jobs.start({ id, kind: 'kit' }));
      expect(asked.map(([, given]) => given)).toEqual([
        { ...started, granted: 'the text' },
        { ...started, granted: null },
        { ...started, granted: null },
        { ...started, granted: null, payload: '{}', seconds: 0 },
      ]);
      expect(asked[0]?.[0]).toBe('sample.start_job(:id, :kind, :payload::jsonb, :by, :seconds, :granted)');
    });

    it('is not by a service that acts for them', async () => {
      const delegation = { service: 'leads', run: newId(), as: undefined } as const;
      const acting = runInTenantContext({ ...context, delegation }, () => jobs.start({ id, kind: 'kit' }));
      await expect(acting).rejects.toMatchObject({ code: 'forbidden' });
      expect(asked).toEqual([]);
    });
  });
});
