import { newId } from '@apollo/tenancy';
import { type TestOrg, testOrg } from '@apollo/testing';
import type { NatsConnection } from '@nats-io/nats-core';
import { EventWatch } from './event.watch.js';
import { StreamSlots } from './stream.slots.js';

const silent = { subscribe: () => ({ unsubscribe: () => undefined }) } as unknown as NatsConnection;

describe('open event streams', () => {
  it('are so many of one organization, and leave room for others', () => {
    const [a, b] = [testOrg(), testOrg()];
    const events = new EventWatch(silent);
    const open = Array.from({ length: 500 }, () => {
      const actor = newId();
      return a.as(() => events.watch(), { actor });
    });
    const more = (): unknown => a.as(() => events.watch(), { actor: newId() });
    expect(more).toThrow('Too many event streams are open.');
    expect(() => b.as(() => events.watch())).not.toThrow();
    open[0]?.leave();
    expect(more).not.toThrow();
  });

  it('are ten of one person', () => {
    const a = testOrg();
    const events = new EventWatch(silent);
    const open = Array.from({ length: 10 }, () => a.as(() => events.watch()));
    const more = (): unknown => a.as(() => events.watch());
    expect(more).toThrow('Too many event streams are open.');
    // Given back once, however often.
    for (let times = 0; times < 3; times++) open[0]?.leave();
    expect(more).not.toThrow();
    expect(more).toThrow('Too many event streams are open.');
  });

  it('are woken by what is new, once, and when they are to end', async () => {
    const a = testOrg();
    const heard: (() => void)[] = [];
    const subscribe = (_subject: string, { callback }: { callback: (error: Error | null) => void }): object => {
      heard.push(() => callback(null));
      callback(new Error('refused'));
      return { unsubscribe: () => undefined };
    };
    const slots = new StreamSlots();
    const watcher = a.as(() => new EventWatch({ subscribe } as unknown as NatsConnection, slots).watch());
    expect(watcher.take()).toEqual(new Set());
    const { woken } = watcher;
    expect(await Promise.race([woken.then(() => 'woken'), Promise.resolve('asleep')])).toBe('asleep');
    heard[0]?.();
    await woken;
    expect([watcher.take().size, watcher.take().size, watcher.isEnding]).toEqual([1, 0, false]);
    const ending = watcher.woken;
    slots.close();
    await ending;
    expect(watcher.isEnding).toBe(true);
    expect(() => a.as(() => slots.take())).toThrow('Too many event streams are open.');
  });

  it('are ten of one person over all organizations, and leave room for strangers', () => {
    const person = newId();
    const events = new EventWatch(silent);
    const open = Array.from({ length: 10 }, () => testOrg().as(() => events.watch(), { actor: person }));
    const another = (): unknown => testOrg().as(() => events.watch(), { actor: person });
    expect(another).toThrow('Too many event streams are open.');
    expect(() => testOrg().as(() => events.watch())).not.toThrow();
    open[0]?.leave();
    expect(another).not.toThrow();
  });

  it('are shared where there are no more: who has the most gives the oldest up for who has fewer', () => {
    const events = new EventWatch(silent);
    const [a, b, c] = [testOrg(), testOrg(), testOrg()];
    const watch = (org: TestOrg) => org.as(() => events.watch(), { actor: newId() });
    const ofA = Array.from({ length: 500 }, () => watch(a));
    for (let n = 0; n < 3; n++) {
      const org = testOrg();
      for (let more = 0; more < 499; more++) watch(org);
    }
    [watch(b), watch(b), watch(b)].forEach(() => undefined);
    expect(ofA.some(({ isEnding }) => isEnding)).toBe(false);
    expect(() => watch(c)).not.toThrow();
    expect(ofA.map(({ isEnding }) => isEnding)).toEqual([true, ...Array<boolean>(499).fill(false)]);
    // Given up, it is not given back once more; and who has as many as the others gets no more.
    ofA[0]?.leave();
    expect(() => watch(a)).toThrow('Too many event streams are open.');
    expect(watch(c).isEnding).toBe(false);
  });

  it('are given up by whoever has had one longest where everybody has one, for whoever has none, after half a minute', () => {
    let seconds = 0;
    const bounds = { inAll: 3, ofOrg: 2, ofPerson: 2, what: 'event streams' };
    const events = new EventWatch(silent, new StreamSlots(bounds, () => seconds * 1_000));
    const watch = (org = testOrg()) => org.as(() => events.watch(), { actor: newId() });
    const b = testOrg();
    const open = Array.from({ length: 3 }, (_, n) => {
      seconds = n;
      return watch(n === 1 ? b : undefined);
    });
    const ending = (): boolean[] => open.map(({ isEnding }) => isEnding);
    seconds = 29;
    expect(() => watch()).toThrow('Too many event streams are open.');
    seconds = 30;
    // Who has one as everybody else takes nobody's.
    expect(() => watch(b)).toThrow('Too many event streams are open.');
    expect(ending()).toEqual([false, false, false]);
    expect(() => watch()).not.toThrow();
    expect(ending()).toEqual([true, false, false]);
    seconds = 31;
    expect(() => watch()).not.toThrow();
    expect(ending()).toEqual([true, true, false]);
    expect(() => watch()).toThrow('Too many event streams are open.');
  });

  it('hear of the events of their own organization only, and of none once nobody watches', () => {
    const [a, b] = [testOrg(), testOrg()];
    const heard = new Map<string, () => void>();
    const subscribe = (subject: string, { callback }: { callback: (error: null) => void }): object => {
      heard.set(subject, () => callback(null));
      return { unsubscribe: () => heard.delete(subject) };
    };
    const events = new EventWatch({ subscribe } as unknown as NatsConnection);
    const [one, other] = [a.as(() => events.watch()), a.as(() => events.watch(), { actor: newId() })];
    const ofB = b.as(() => events.watch());
    heard.get(`evt.${a.id}.leads.lead.created.v1`)?.();
    expect([one.take(), other.take(), ofB.take()]).toEqual([new Set(['leads']), new Set(['leads']), new Set()]);
    one.leave();
    expect([...heard.keys()].some((subject) => subject.startsWith(`evt.${a.id}.`))).toBe(true);
    other.leave();
    expect([...heard.keys()].every((subject) => subject.startsWith(`evt.${b.id}.`))).toBe(true);
  });
});
