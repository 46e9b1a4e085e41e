import { newId } from '@apollo/tenancy';
import { testOrg } from '@apollo/testing';
import type { NatsConnection } from '@nats-io/nats-core';
import { EventWatch } from './event.watch.js';

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
    expect(() => a.as(() => events.watch())).toThrow('Too many event streams are open.');
    open[0]?.leave();
    expect(() => a.as(() => events.watch())).not.toThrow();
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
