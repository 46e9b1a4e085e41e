import { asPlatform, type TestOrg, twoOrgs, until } from '@apollo/testing';
import { handling, type HandledMessage } from '@apollo/messaging';
import { currentTenant, newId } from '@apollo/tenancy';
import type { WorkPermit } from './index.js';
import { StepHandler, WorkWorld } from './work.world.spec.js';

const REFUSED = { code: 'org_suspended', detail: 'The organization is suspended.', reach: 'organization' } as const;

describe('a job', () => {
  let world: WorkWorld;
  let a: TestOrg;
  let b: TestOrg;

  beforeAll(async () => {
    world = await WorkWorld.start();
  });
  beforeEach(() => {
    [a, b] = twoOrgs();
    world.gate = () => Promise.resolve();
    world.midway = () => Promise.resolve();
    world.ending = () => Promise.resolve();
    world.permit = () => Promise.resolve('granted');
    world.handler.ends.length = 0;
    world.handler.left.length = 0;
  });
  afterEach(async () => {
    await world.rest();
    await world.test.admin('delete from sample.due_jobs');
  });
  afterAll(() => world.stop());

  const isDone = (org: TestOrg, id: string) => async () => (await world.state(org, id)) === 'done';
  const nths = async (org: TestOrg, id: string) => (await world.steps(org, id)).map(({ nth }) => nth);
  /** Holds a job back before its step `from`, until it is let go. */
  function hold(from = 0): () => void {
    const held = Promise.withResolvers<void>();
    world.gate = (_job, nth) => (nth < from ? Promise.resolve() : held.promise);
    return held.resolve;
  }
  const asService = <T>(org: TestOrg, fn: () => T): T => org.as(fn, { actor: 'system:leads', role: 'system' });

  it('is done in the context of its organization, and of whoever asked for it', async () => {
    world.run();
    const [ofA, ofB] = [await world.begin(a, 3), await world.begin(b, 2)];
    await until(isDone(a, ofA));
    await until(isDone(b, ofB));
    expect(await world.steps(a, ofA)).toEqual([0, 1, 2].map((nth) => ({ nth, actor: a.owner })));
    expect(await world.steps(b, ofB)).toEqual([0, 1].map((nth) => ({ nth, actor: b.owner })));
    expect(await world.steps(b, ofA)).toEqual([]);
    expect((await a.as(() => world.jobs.find(ofA)))?.progress).toEqual({ steps: 3 });
  });

  it('is begun when the change that needs it is committed, and never when that is not', async () => {
    world.run();
    const [kept, lost] = [newId(), newId()];
    const start = (id: string) => world.jobs.start({ id, kind: 'stepping', payload: { steps: 1 } });
    await expect(
      a.as(() =>
        world.test.database.transaction(async () => {
          await start(lost);
          throw new RangeError('not to be');
        }),
      ),
    ).rejects.toThrow(RangeError);
    await a.as(() => world.test.database.transaction(() => start(kept)));
    await until(isDone(a, kept));
    expect(await world.state(a, lost)).toBeUndefined();
  });

  it('is one process’s at a time: each step is taken once, whoever looks', async () => {
    for (let n = 0; n < 3; n++) world.run();
    const ids = await Promise.all(Array.from({ length: 6 }, (_, n) => world.begin(n % 2 ? a : b, 20)));
    for (const [n, id] of ids.entries()) {
      const org = n % 2 ? a : b;
      await until(async () => {
        await world.hurry();
        return isDone(org, id)();
      });
      expect(await nths(org, id)).toEqual(Array.from({ length: 20 }, (_, nth) => nth));
    }
    expect(world.handler.ends).toHaveLength(ids.length);
  });

  it('is taken over from a process that fell silent, which then writes nothing any more', async () => {
    const release = hold(2);
    world.run();
    const id = await world.begin(a, 4);
    await until(async () => (await nths(a, id)).length === 2);
    await world.test.admin(`update sample.jobs set heartbeat_at = now() - interval '1 hour'`);
    await world.hurry();
    const other = new StepHandler(world.test.database, world.jobs, () => Promise.resolve());
    world.run([other]);
    await until(isDone(a, id));
    release();
    await until(() => world.handler.left.includes(id));
    await world.rest();
    expect(await nths(a, id)).toEqual([0, 1, 2, 3]);
    expect([world.handler.ends.length, other.ends.length]).toEqual([0, 1]);
  });

  it('is left where it stands when its process stops, and goes on from there, which is no attempt', async () => {
    const release = hold(2);
    const first = world.run();
    const id = await world.begin(a, 5);
    await until(async () => (await nths(a, id)).length === 2);
    const stopped = first.onModuleDestroy();
    release();
    await stopped;
    expect(await a.as(() => world.jobs.find(id))).toMatchObject({ state: 'open', attempts: 0 });
    world.run();
    await until(isDone(a, id));
    expect(await nths(a, id)).toEqual([0, 1, 2, 3, 4]);
  });

  it('is tried again after a while, longer each time, and is dead when it comes no further: listed, replayed, given up', async () => {
    let failing = true;
    world.gate = () => (failing ? Promise.reject(new RangeError('once more')) : Promise.resolve());
    world.run();
    const id = await world.begin(a, 1);
    const waits = new Set<number>();
    await until(async () => {
      const [due] = await world.test.admin(
        'select attempts, round(extract(epoch from d.due_at - j.heartbeat_at)) as wait from sample.due_jobs d join sample.jobs j on j.id = d.job_id where j.id = $1 and j.lease is null and attempts > 0',
        [id],
      );
      if (due) waits.add(Number(due['wait']));
      await world.hurry();
      return (await world.state(a, id)) === 'dead';
    });
    expect([...waits].filter((wait) => wait > 0).sort((x, y) => x - y)).toEqual([1, 2]);
    expect(world.handler.ends).toEqual([{ id, end: world.handler.exhausted }]);
    const dead = async () => (await asPlatform(() => world.jobs.findDead())).map(({ job_id }) => job_id);
    expect(await dead()).toEqual([id]);
    failing = false;
    await world.hurry();
    expect(await world.state(a, id)).toBe('dead');
    expect(await asService(b, () => world.jobs.replay(id))).toBe(false);
    expect(await asService(a, () => world.jobs.replay(id))).toBe(true);
    await until(isDone(a, id));
    expect(await dead()).toEqual([]);
    failing = true;
    const another = await world.begin(a, 1);
    await until(async () => {
      await world.hurry();
      return (await world.state(a, another)) === 'dead';
    });
    expect(await asService(a, () => world.jobs.giveUp(another))).toBe(true);
    expect([await dead(), await world.state(a, another)]).toEqual([[], 'failed']);
  });

  it('that too many processes went down with is exhausted before it is worked on', async () => {
    const id = await world.begin(a, 1);
    await world.test.admin('update sample.jobs set attempts = 3 where id = $1', [id]);
    world.run();
    await until(async () => (await world.state(a, id)) === 'dead');
    expect(await nths(a, id)).toEqual([]);
  });

  it('waits for another one of its kind and organization, not for those of others or of another kind', async () => {
    const release = hold();
    const quick = new StepHandler(world.test.database, world.jobs, () => Promise.resolve(), { kind: 'quick' });
    for (let n = 0; n < 2; n++) world.run([world.handler, quick]);
    const [first, second] = [await world.begin(a, 1), await world.begin(a, 1)];
    const [ofB, quickly] = [await world.begin(b, 1), await world.begin(a, 1, { kind: 'quick' })];
    await until(async () => {
      await world.hurry();
      return isDone(a, quickly)();
    });
    const leased = () => world.test.admin('select id from sample.jobs where lease is not null order by id');
    await until(async () => (await leased()).length === 2);
    await world.hurry();
    expect((await leased()).map(({ id }) => id)).toContain(ofB);
    expect((await leased()).filter(({ id }) => id === first || id === second)).toHaveLength(1);
    release();
    for (const [org, id] of [
      [a, first],
      [a, second],
      [b, ofB],
    ] as const)
      await until(async () => {
        await world.hurry();
        return isDone(org, id)();
      });
  });

  it('is done beside as many of its kind as may be at once, by all processes together', async () => {
    const release = hold();
    const together = new StepHandler(world.test.database, world.jobs, (job, nth) => world.gate(job, nth), {
      kind: 'together',
      atOnce: 3,
    });
    for (let n = 0; n < 2; n++) world.run([world.handler, together], 8, 4);
    const ids = await Promise.all(Array.from({ length: 7 }, () => world.begin(a, 1, { kind: 'together' })));
    const alone = [await world.begin(a, 1), await world.begin(a, 1)];
    const ofB = await world.begin(b, 1, { kind: 'together' });
    const leased = async () => {
      await world.hurry();
      return world.test.admin('select org_id, kind, place from sample.jobs where lease is not null order by 1, 2, 3');
    };
    const at = (org: TestOrg, kind: string, places: number[]) =>
      places.map((place) => ({ org_id: org.id, kind, place }));
    const most = [...at(a, 'stepping', [1]), ...at(a, 'together', [1, 2, 3]), ...at(b, 'together', [1])];
    await until(async () => (await leased()).length === most.length);
    for (let n = 0; n < 5; n++) expect(await leased()).toEqual(expect.arrayContaining(most));
    expect(await leased()).toHaveLength(most.length);
    release();
    for (const id of [...ids, ...alone]) await until(async () => (await leased(), isDone(a, id)()));
    await until(isDone(b, ofB));
    for (const id of ids) expect(await nths(a, id)).toEqual([0]);
  });

  it('that is cancelled ends, and whoever works on it writes nothing more', async () => {
    const release = hold(1);
    world.run();
    const id = await world.begin(a, 3);
    await until(async () => (await nths(a, id)).length === 1);
    expect(await b.as(() => world.jobs.cancel(id))).toBe(false);
    expect(await a.as(() => world.jobs.cancel(id))).toBe(true);
    release();
    await until(() => world.handler.left.includes(id));
    await world.rest();
    expect([await nths(a, id), await world.state(a, id), world.handler.ends]).toEqual([[0], 'cancelled', []]);
  });

  it('that services began on their own is nobody’s to allow: only what is meant for it is done so', async () => {
    const own = new StepHandler(world.test.database, world.jobs, () => Promise.resolve(), { kind: 'own', isOwn: true });
    world.permit = () => Promise.resolve(REFUSED);
    const begin = (kind: string) => world.begin(a, 1, { kind, actor: 'system:leads' });
    const [done, persons] = [await begin('own'), await begin('stepping')];
    const ofPerson = await world.begin(a, 1, { kind: 'own' });
    world.run([world.handler, own]);
    await until(isDone(a, done));
    await until(async () => (await world.state(a, ofPerson)) === 'stopped');
    world.permit = () => Promise.resolve('granted');
    const another = await world.begin(a, 1, { kind: 'own' });
    const isPutOff = `select from sample.due_jobs where job_id = any($1) and due_at > now() + interval '20 seconds'`;
    await until(async () => (await world.test.admin(isPutOff, [[persons, another]])).length === 2);
    expect([await world.state(a, persons), await world.state(a, another)]).toEqual(['open', 'open']);
    expect([await nths(a, persons), await nths(a, another)]).toEqual([[], []]);
  });

  it('is done by what its person granted for it and for no other, under the name that its handler gives it', async () => {
    const [id, other] = [newId(), newId()];
    const message = { envelope: { granted: { text: 'a grant', grant: { run: id } } } } as unknown as HandledMessage;
    const seen = new Map<string, unknown>();
    world.gate = async (job) => void seen.set(job.id, currentTenant().delegation);
    for (const job of [id, other])
      await handling(message, () => a.as(() => world.jobs.start({ id: job, kind: 'stepping', payload: { steps: 1 } })));
    world.run();
    for (const job of [id, other]) await until(isDone(a, job));
    const delegation = { service: 'leads', run: id, as: 'Chief of Staff', grant: 'a grant' };
    expect([seen.get(id), seen.get(other)]).toEqual([delegation, undefined]);
  });

  it('takes the newest that its person granted while it is open, and nobody else’s', async () => {
    const id = newId();
    const start = (actor: string, text: string) =>
      handling({ envelope: { granted: { text, grant: { run: id } } } } as unknown as HandledMessage, () =>
        a.as(() => world.jobs.start({ id, kind: 'stepping', payload: { steps: 1 }, seconds: 600 }), { actor }),
      );
    for (const [actor, text] of [
      [a.owner, 'the first'],
      [a.owner, 'the second'],
      [a.viewer, 'somebody else’s'],
    ] as const)
      await start(actor, text);
    expect(await a.as(() => world.jobs.granted(id))).toEqual({ kind: 'stepping', delegation: 'the second' });
    expect(await b.as(() => world.jobs.granted(id))).toBeUndefined();
  });

  it('is begun by no service that acts for a person: that would outlive what it was granted', async () => {
    const id = newId();
    const start = () => world.jobs.start({ id, kind: 'stepping', payload: { steps: 1 } });
    const acting = { delegation: { service: 'agents', run: id } };
    await expect(a.as(start, acting)).rejects.toMatchObject({ code: 'forbidden' });
    expect(await world.state(a, id)).toBeUndefined();
  });

  it('is stopped alone where what was granted for it is of no use any more, also while nobody has claimed it', async () => {
    const [stopped, other] = [await world.begin(a, 1), await world.begin(a, 1)];
    world.permit = ({ id }) =>
      Promise.resolve(id === stopped ? { code: 'forbidden', detail: 'No more.', reach: 'run' } : 'granted');
    world.run();
    await until(isDone(a, other));
    await until(async () => (await world.state(a, stopped)) === 'stopped');
    expect(await nths(a, stopped)).toEqual([]);
  });

  describe('that its person may not have done any more', () => {
    /** Whether something comes about within the time that is promised. */
    const soon = (isSo: () => Promise<boolean>): Promise<boolean> =>
      until(isSo, { withinMs: 5_000 }).then(
        () => true,
        () => false,
      );

    /** Lets one job run and one wait, and takes the permit away. */
    async function stoppedBy(answer: Awaited<ReturnType<WorkPermit['ask']>>): Promise<[string, string]> {
      world.gate = () => new Promise((resolve) => setTimeout(resolve, 20));
      world.run();
      const [running, queued] = [await world.begin(a, 100_000), await world.begin(a, 1)];
      await until(async () => (await nths(a, running)).length > 0);
      world.permit = () => Promise.resolve(answer);
      return [running, queued];
    }

    it('is stopped with the reason, under way and waiting, and may be started again from where it stands', async () => {
      const [running, queued] = await stoppedBy(REFUSED);
      for (const id of [running, queued])
        expect(await soon(async () => (await world.state(a, id)) === 'stopped')).toBe(true);
      expect(await a.as(() => world.jobs.find(queued))).toMatchObject({
        state: 'stopped',
        error_code: REFUSED.code,
        error_detail: REFUSED.detail,
      });
      expect(new Set(world.handler.ends.map(({ id }) => id))).toEqual(new Set([running, queued]));
      const taken = await nths(a, running);
      await world.hurry();
      expect(await nths(a, running)).toEqual(taken);
      world.permit = () => Promise.resolve('granted');
      const steps = taken.length + 2;
      await a.as(() => world.jobs.start({ id: running, kind: 'stepping', payload: { steps } }), { actor: a.viewer });
      await until(isDone(a, running));
      expect(await nths(a, running)).toEqual(Array.from({ length: steps }, (_, nth) => nth));
      expect((await world.steps(a, running)).at(-1)).toMatchObject({ actor: a.viewer });
    });

    it('commits no step that was under way when that was decided, however long it takes', async () => {
      const held = Promise.withResolvers<void>();
      world.midway = (_job, nth) => (nth < 1 ? Promise.resolve() : held.promise);
      world.run();
      const id = await world.begin(a, 3);
      await until(async () => (await nths(a, id)).length === 1);
      world.permit = () => Promise.resolve(REFUSED);
      await until(async () => (await world.test.admin('select from sample.stopped_jobs')).length === 1, {
        withinMs: 5_000,
      });
      held.resolve();
      await until(async () => (await world.state(a, id)) === 'stopped', { withinMs: 5_000 });
      expect([await nths(a, id), await world.test.admin('select from sample.stopped_jobs')]).toEqual([[0], []]);
    });

    it('is stopped whatever another organization’s take that end meanwhile', async () => {
      const held = Promise.withResolvers<void>();
      const ofA = new Set<string>();
      let ending = 0;
      world.ending = (id) => {
        if (!ofA.has(id)) return Promise.resolve();
        ending += 1;
        return held.promise;
      };
      let begun = 0;
      world.gate = (job) => {
        if (!ofA.has(job.id)) return new Promise((resolve) => setTimeout(resolve, 20));
        begun += 1;
        return held.promise;
      };
      for (let n = 0; n < 5; n++) ofA.add(await world.begin(a, 1));
      world.run();
      // Whose jobs wait behind one that is under way here is asked by nobody but the review.
      await until(() => begun > 0);
      world.permit = () => Promise.resolve(currentTenant().orgId === a.id ? REFUSED : 'granted');
      await until(() => ending > 0);
      const ofB = await world.begin(b, 100_000);
      await until(async () => (await nths(b, ofB)).length > 0);
      world.permit = () => Promise.resolve(REFUSED);
      const isStopped = await until(async () => (await world.state(b, ofB)) === 'stopped', { withinMs: 5_000 }).then(
        () => true,
        () => false,
      );
      const states = new Set(await Promise.all([...ofA].map((id) => world.state(a, id))));
      held.resolve();
      expect([isStopped, [...states]]).toEqual([true, ['open']]);
    });

    it('is stopped with a hundred others at once, first where somebody is at work on it', async () => {
      await world.test.admin(
        `insert into sample.jobs (org_id, id, kind, payload, started_by, state, attempts, created_at, lease, heartbeat_at)
        select $1, gen_random_uuid(), 'stepping', '{}', $2, 'open', 0, now() - n * interval '1 minute', case n when 0 then gen_random_uuid() end, now()
        from generate_series(0, 149) n`,
        [a.id, a.owner],
      );
      const stop = () => a.as(() => world.jobs.stop(a.owner, 'forbidden', 'Not any more.'));
      expect([await stop(), await b.as(() => world.jobs.stop(a.owner, 'forbidden', ''))]).toEqual([100, 0]);
      const [atWork] = await world.test.admin(
        'select from sample.jobs j join sample.stopped_jobs s on s.job_id = j.id where j.lease is not null',
      );
      expect(atWork).toBeDefined();
      expect([await stop(), await stop()]).toEqual([50, 0]);
      for (const table of ['stopped_jobs', 'jobs']) await world.test.admin(`delete from sample.${table}`);
    });

    it('rests while nobody knows, and goes on afterwards: nothing is lost', async () => {
      const [running, queued] = await stoppedBy('unknown');
      const none = async (what: string) => (await world.test.admin(`select from sample.${what}`)).length === 0;
      expect(await soon(() => none('jobs where lease is not null'))).toBe(true);
      const claims = () => world.test.admin('select id, state, heartbeat_at from sample.jobs order by id');
      const [taken, claimed] = [await nths(a, running), await claims()];
      await world.hurry();
      await until(() => none('due_jobs where due_at <= now()'));
      expect([await world.state(a, running), await world.state(a, queued)]).toEqual(['open', 'open']);
      expect(await claims()).toEqual(claimed);
      expect(await nths(a, running)).toEqual(taken);
      world.permit = () => Promise.resolve('granted');
      await until(async () => {
        await world.hurry();
        return (await nths(a, running)).length > taken.length;
      });
      expect(await a.as(() => world.jobs.cancel(running))).toBe(true);
      await until(async () => {
        await world.hurry();
        return isDone(a, queued)();
      });
    });
  });
});
