import { DomainError } from '@apollo/contracts';
import { currentTenant, isUuid, newId } from '@apollo/tenancy';
import { LeftOffError, ClaimLostError } from './work.errors.js';
import { deadJobs } from './dead.jobs.js';
import type { PermitAnswer } from './job.handler.js';
import { JobReview } from './job.review.js';
import { JobSource, type JobSurroundings } from './job.source.js';
import { JobStops } from './job.stops.js';
import { type ClaimedJob, type DueJob, Jobs, type StoppedJob } from './jobs.js';
import { WorkContext } from './work.context.js';
import { WorkTurn } from './work.turn.js';

const [a, b] = [newId(), newId()];
const due = (org_id = a, started_by = newId()): DueJob => ({ org_id, job_id: newId(), started_by });

/** What was done, in order; what takes its time is noted when it is over. */
let done: unknown[] = [];
beforeEach(() => void (done = []));
const later = <T>(answer: T): Promise<T> => new Promise((resolve) => setImmediate(() => resolve(answer)));
const noting =
  <T>(what: string, answer: T | (() => T)) =>
  async (...given: unknown[]): Promise<T> => {
    const result = await later(answer instanceof Function ? answer() : answer);
    done.push([what, ...given]);
    return result;
  };
const logger = {
  info: (facts: object, what: string) => done.push([what, facts]),
  warn: (facts: object, what: string) => done.push([what, facts]),
  error: (facts: object, what: string) => done.push([what, facts]),
};
const database = {
  transaction: async (work: (open: object) => Promise<unknown>) => {
    done.push('begin');
    const result = await work({ precede: (_: unknown, { time }: { time: string }) => done.push(`locks ${time}`) });
    done.push('commit');
    return result;
  },
};
const context = new WorkContext('leads', 'a spec asks');

interface Around {
  readonly answer?: PermitAnswer;
  readonly job?: Partial<ClaimedJob> | undefined;
  readonly attempts?: number;
  readonly work?: (turn: WorkTurn, source: JobSource) => Promise<void> | void;
  readonly isOurs?: boolean;
  readonly jobs?: object;
}

function sourceOf({ answer = 'granted', job = {}, attempts = 3, work, isOurs = true, jobs }: Around) {
  const claimed = job && { id: 'job', lease: 'lease', kind: 'kit', attempts: 1, delegation: null, ...job };
  const handler = {
    kind: 'kit',
    permission: 'leads.write',
    attempts,
    exhausted: { state: 'dead', code: 'internal_error', detail: 'no further' },
    work: async (_job: unknown, turn: WorkTurn) => {
      await work?.(turn, source);
    },
    ended: noting('ended', undefined),
  };
  const source: JobSource = new JobSource({
    database,
    context,
    logger,
    handlers: new Map([['kit', handler]]),
    permit: { ask: noting('ask', answer) },
    stops: { mark: noting('mark', undefined), end: noting('end stopped', undefined) },
    find: noting('find', []),
    jobs: {
      granted: noting('granted', { kind: 'kit', delegation: 'text' }),
      claim: noting('claim', claimed),
      release: noting('release', undefined),
      putOff: noting('put off', undefined),
      end: noting('end', isOurs),
      ...jobs,
    },
  } as unknown as JobSurroundings);
  return source;
}

const turn = (): WorkTurn => new WorkTurn(new AbortController().signal, () => false);
async function worked(around: Around, of = due()): Promise<unknown[]> {
  const work = await sourceOf(around).begin(of);
  done = [];
  await work?.(turn());
  return done;
}
const WRITTEN = (end: object): unknown[] => ['begin', ['end', 'job', 'lease', end], ['ended', 'job', end], 'commit'];

describe('beginning a job', () => {
  it('asks by what was granted and what its kind needs, and claims it under a lease of its own', async () => {
    const of = due();
    expect(await sourceOf({}).begin(of)).toBeInstanceOf(Function);
    expect(done).toEqual([
      ['granted', of.job_id],
      ['ask', { id: of.job_id, permission: 'leads.write', delegation: 'text' }],
      'begin',
      'locks 100ms',
      ['claim', of.job_id, expect.stringMatching(/^[\da-f]{8}-[\da-f-]{27}$/)],
      'commit',
    ]);
  });

  it('stops what is refused before anything else, and claims nothing', async () => {
    const refusal = { code: 'forbidden', detail: 'No.', reach: 'run' } as const;
    const of = due();
    expect(await sourceOf({ answer: refusal }).begin(of)).toBeUndefined();
    expect(done.slice(2)).toEqual([['mark', of, refusal]]);
  });

  it('puts off for two seconds what nobody can say', async () => {
    const of = due();
    expect(await sourceOf({ answer: 'unknown' }).begin(of)).toBeUndefined();
    expect(done.slice(2)).toEqual(['begin', 'locks 100ms', ['put off', of.job_id, 2], 'commit']);
  });

  it('leaves a job of an unknown kind for half a minute, and that is no attempt', async () => {
    expect(await sourceOf({ job: { kind: 'other' } }).begin(due())).toBeUndefined();
    expect(done.at(-1)).toEqual(['release', expect.objectContaining({ kind: 'other' }), 30, false]);
  });

  it('begins nothing that has ended meanwhile, and asks nobody about it', async () => {
    const jobs = { granted: noting('granted', undefined), claim: noting('claim', undefined) };
    expect(await sourceOf({ jobs }).begin(due())).toBeUndefined();
    expect(done).not.toContainEqual(expect.arrayContaining(['ask']));
  });

  it('is put off briefly where it fails, and says so where that fails too', async () => {
    const of = due();
    await sourceOf({}).putOff(of);
    expect(done).toEqual(['begin', 'locks 100ms', ['put off', of.job_id, 30], 'commit']);
    done = [];
    await sourceOf({ jobs: { putOff: () => Promise.reject(new TypeError('locked')) } }).putOff(of);
    expect(done.at(-1)).toEqual([
      'job not put off',
      { job_id: of.job_id, error: expect.objectContaining({ name: 'TypeError' }) },
    ]);
  });
});

describe('starting a job', () => {
  it('has it looked at at once where it is due at once, and only once that is committed', async () => {
    let committed: (() => void)[] = [];
    const transaction = { query: async () => [], afterCommit: (fn: () => void) => void committed.push(fn) };
    const jobs = new Jobs({ transaction: (work: (open: object) => unknown) => work(transaction) } as never, 'sample');
    jobs.onStarted(() => void done.push('looked'));
    const start = async (seconds?: number): Promise<unknown[]> => {
      committed = [];
      await context.within({ org_id: a }, () => jobs.start({ id: newId(), kind: 'kit', seconds }));
      const before = done.splice(0);
      for (const fn of committed) fn();
      return [before, done.splice(0)];
    };
    expect([await start(), await start(0), await start(5)]).toEqual([
      [[], ['looked']],
      [[], ['looked']],
      [[], []],
    ]);
  });
});

describe('a job at its end', () => {
  it('is done, and what its kind writes then is written with it', async () => {
    const begun = performance.now();
    const all = await worked({});
    const said = ['job done', { job_id: 'job', kind: 'kit', milliseconds: expect.any(Number) }];
    expect(all).toEqual([...WRITTEN({ state: 'done' }), said]);
    const [, { milliseconds }] = all.at(-1) as [string, { milliseconds: number }];
    expect([milliseconds >= 0, milliseconds <= performance.now() - begun + 1]).toEqual([true, true]);
  });

  it('writes nothing where the claim is somebody else’s', async () => {
    expect((await worked({ isOurs: false })).slice(0, 3)).toEqual([
      'begin',
      ['end', 'job', 'lease', { state: 'done' }],
      'commit',
    ]);
  });

  it('has failed for good where its handler says why', async () => {
    const work = (): void => {
      throw new DomainError('forbidden', 'Not this one.');
    };
    const end = { state: 'failed', code: 'forbidden', detail: 'Not this one.' };
    const said = ['job failed', { job_id: 'job', kind: 'kit', attempt: 1, code: 'forbidden' }];
    expect(await worked({ work })).toEqual([said, ...WRITTEN(end)]);
  });

  it.each([
    ['after a second at first', 1, 1],
    ['after twice as long', 2, 2],
    ['after four times as long', 3, 4],
    ['after ten minutes at most', 20, 600],
  ])('is tried again %s', async (_when, attempts, seconds) => {
    const work = (): void => {
      throw new TypeError('broken');
    };
    const [said, released] = await worked({ work, job: { attempts }, attempts: 30 });
    expect(said).toEqual([
      'job interrupted',
      expect.objectContaining({ job_id: 'job', kind: 'kit', attempt: attempts }),
    ]);
    expect(released).toEqual(['release', expect.objectContaining({ id: 'job' }), seconds, true]);
  });

  it('is exhausted at its last attempt, and where somebody went down with it', async () => {
    const work = (): void => {
      throw new TypeError('broken');
    };
    const end = { state: 'dead', code: 'internal_error', detail: 'no further' };
    expect((await worked({ work, job: { attempts: 3 } })).slice(1)).toEqual(WRITTEN(end));
    expect(await worked({ job: { attempts: 4 } })).toEqual(WRITTEN(end));
    expect(await worked({ job: { attempts: 3 } })).toContainEqual(['ended', 'job', { state: 'done' }]);
  });

  it('is left off for as long as it says, and that is no attempt', async () => {
    const work = (): void => {
      throw new LeftOffError(7);
    };
    expect(await worked({ work })).toEqual([['release', expect.objectContaining({ id: 'job' }), 7, false]]);
  });

  it('is left alone where its claim is gone', async () => {
    const work = (): void => {
      throw new ClaimLostError();
    };
    expect(await worked({ work })).toEqual([]);
  });

  it('is left within two seconds where it is interrupted, and what was stopped is ended at once', async () => {
    const of = due();
    const work = (turnOf: WorkTurn, source: JobSource): void => {
      expect(source.underWayHere()).toEqual([of]);
      source.interrupt(({ org_id }) => org_id === b);
      expect(turnOf.isStopped).toBe(false);
      source.interrupt(({ job_id }) => job_id === of.job_id);
      expect(turnOf.isStopped).toBe(true);
      throw new LeftOffError(9);
    };
    expect(await worked({ work }, of)).toEqual([
      ['release', expect.objectContaining({ id: 'job' }), 2, false],
      ['end stopped', of],
    ]);
  });
});

describe('asking whether work may go on', () => {
  const refusal = (reach: 'run' | 'person' | 'organization') => ({ code: 'forbidden', detail: 'No.', reach }) as const;

  function review(answers: Map<DueJob, PermitAnswer>, underWay: DueJob[], waiting: DueJob[] = []) {
    const interrupted: DueJob[] = [];
    const where: unknown[] = [];
    const source = {
      underWayHere: () => underWay,
      ask: async (of: DueJob) => {
        const { orgId, actor, requestId } = currentTenant();
        where.push([orgId, actor, isUuid(requestId)]);
        return answers.get(of) ?? 'granted';
      },
      interrupt: (which: (of: DueJob) => boolean) => void interrupted.push(...underWay.filter(which)),
    };
    const stops = { mark: noting('mark', undefined) };
    const jobs = { findDue: noting('find', () => waiting.splice(0)) };
    const reviewing = new JobReview({ source, stops, jobs, context, logger } as never);
    return { reviewing, interrupted, where };
  }

  it.each([
    ['run', ['one']],
    ['person', ['one', 'of the same person']],
    ['organization', ['one', 'of the same person', 'of another person']],
  ] as const)('interrupts what a refusal of the %s reaches, and no other organization', async (reach, wanted) => {
    const one = due();
    const jobs = new Map([
      ['one', one],
      ['of the same person', due(a, one.started_by)],
      ['of another person', due()],
      ['of another organization', due(b, one.started_by)],
    ]);
    const { reviewing, interrupted, where } = review(new Map([[one, refusal(reach)]]), [...jobs.values()]);
    await reviewing.round();
    expect(interrupted).toEqual(wanted.map((name) => jobs.get(name)));
    expect(where).toContainEqual([a, one.started_by, true]);
    expect(done.at(-1)).toEqual(['mark', one, refusal(reach)]);
  });

  it('interrupts what nobody can say of, and stops it not', async () => {
    const [one, other] = [due(), due()];
    const { reviewing, interrupted } = review(new Map([[one, 'unknown']]), [one, other]);
    await reviewing.round();
    expect([interrupted, done]).toEqual([[one], [['find', expect.any(String)]]]);
  });

  it('goes on behind the last organization, asks about each once, and begins anew', async () => {
    const waiting = [due(), due(b)];
    const { reviewing, where } = review(new Map(), waiting.slice(0, 1), [...waiting]);
    await reviewing.round();
    await reviewing.round();
    await reviewing.round();
    const nil = '00000000-0000-0000-0000-000000000000';
    expect(done).toEqual([
      ['find', nil],
      ['find', b],
      ['find', nil],
    ]);
    expect(where).toHaveLength(4);
  });

  it('holds up nothing where one cannot be asked about', async () => {
    const [one, other] = [due(), due()];
    const { reviewing, interrupted } = review(new Map([[other, refusal('run')]]), [one, other]);
    Object.assign(reviewing['around'].source, {
      ask: async (of: DueJob) => (of === one ? Promise.reject(new TypeError('no')) : refusal('run')),
    });
    await reviewing.round();
    expect(interrupted).toEqual([other]);
    const said = { org_id: a, error: expect.objectContaining({ name: 'TypeError' }) };
    expect(done).toContainEqual(['asking whether work may go on failed', said]);
  });
});

describe('stopping jobs', () => {
  let woken = 0;
  function stops(jobs: object, stopped?: StoppedJob): JobStops {
    woken = 0;
    const handler = { ended: noting('ended', undefined) };
    const all = { endStopped: noting('end stopped', stopped), ...jobs };
    const made = new JobStops({ database, jobs: all, handlers: new Map([['kit', handler]]), context, logger } as never);
    made.onMarked(() => (woken += 1));
    return made;
  }
  const refusal = (reach: 'run' | 'person' | 'organization') => ({ code: 'forbidden', detail: 'No.', reach }) as const;

  it.each([
    ['run', (of: DueJob) => ['one', of.job_id, 'forbidden', 'No.']],
    ['person', (of: DueJob) => ['all', of.started_by, 'forbidden', 'No.']],
    ['organization', () => ['all', null, 'forbidden', 'No.']],
  ] as const)('marks what a refusal of the %s reaches, briefly, and has it ended', async (reach, wanted) => {
    const of = due();
    await stops({ stopOne: noting('one', true), stop: noting('all', 3) }).mark(of, refusal(reach));
    const said = ['jobs stopped', { org_id: a, jobs: reach === 'run' ? 1 : 3, code: 'forbidden' }];
    expect(done).toEqual(['begin', 'locks 100ms', wanted(of), 'commit', said]);
    expect(woken).toBe(1);
  });

  it('says nothing, and wakes nobody, where there was none', async () => {
    await stops({ stopOne: noting('one', false) }).mark(due(), refusal('run'));
    expect([done.at(-1), woken]).toEqual(['commit', 0]);
  });

  it('ends one with the reason that it was stopped for, where it was', async () => {
    const of = due();
    const stopped = { kind: 'kit', code: 'forbidden', detail: 'No.' } as StoppedJob;
    const work = await stops({}, stopped).begin(of);
    await work();
    const end = { state: 'stopped', code: 'forbidden', detail: 'No.' };
    expect(done).toEqual(['begin', 'locks 100ms', ['end stopped', of.job_id], ['ended', of.job_id, end], 'commit']);
    done = [];
    await stops({}).end(of);
    expect(done).toEqual(['begin', 'locks 100ms', ['end stopped', of.job_id], 'commit']);
  });

  it('is put off briefly where it fails, and says so where that fails too', async () => {
    const of = due();
    await stops({ putOffStopped: noting('put off', undefined) }).putOff(of);
    expect(done).toEqual(['begin', 'locks 100ms', ['put off', of.job_id], 'commit']);
    await stops({ putOffStopped: () => Promise.reject(new TypeError('locked')) }).putOff(of);
    const said = { job_id: of.job_id, error: expect.objectContaining({ name: 'TypeError' }) };
    expect(done.at(-1)).toEqual(['stopped job not put off', said]);
  });

  it('looks for what was stopped behind an organization', async () => {
    expect(await stops({ findStopped: noting('find', ['one']) }).due(a)).toEqual(['one']);
    expect(done).toEqual([['find', a]]);
  });
});

it('a job that died is shown in one line with its kind, its state and why', async () => {
  const row = { id: 'job', kind: 'kit', state: 'dead', attempts: 3, error_code: 'internal_error', error_detail: 'no' };
  const query = async (_statement: unknown, { id }: { id: string }): Promise<object[]> => (id === 'job' ? [row] : []);
  expect(await deadJobs('sample')({ query } as never).show('job')).toBe('job job  kit  dead  internal_error  no');
});

it('work on a job acts by what was granted for it, under its name, and as the service itself where nothing was', () => {
  const acting = (delegation: string | null): unknown =>
    context.within({ org_id: a }, () =>
      context.actingFor({ id: 'job', delegation }, 'Clerk', () => currentTenant().delegation),
    );
  expect(acting('text')).toEqual({ service: 'leads', run: 'job', as: 'Clerk', grant: 'text' });
  expect(acting(null)).toBeUndefined();
});
