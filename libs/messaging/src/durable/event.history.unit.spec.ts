import { historyMessages, ImportFinishedEvent, OrgCreatedEvent, typeOf } from '@apollo/contracts';
import { newId } from '@apollo/tenancy';
import type { OutboxDatabase, TenantDatabase } from '@apollo/tenancy/postgres';
import { twoOrgs } from '@apollo/testing';
import { EventHistory } from './event.history.js';

const AT = new Date('2026-01-02T03:04:05.000Z');

describe('what a service answers of the events it told', () => {
  const [a, b] = twoOrgs();
  const [id, entity] = [newId(), newId()];
  /** By the name of the statement. */
  let rows: Record<string, object[]> = {};
  const asked: [name: string, params: object][] = [];
  const database = {
    query: async ({ name }: { name: string }, params: object) => {
      asked.push([name, params]);
      return rows[name] ?? [];
    },
  } as unknown as TenantDatabase;
  const outbox = {
    heads: async (...given: unknown[]) => {
      asked.push(['heads', given]);
      return {
        mark: '8',
        heads: [{ org_id: a.id, entity: 'org', entity_id: a.id, entity_version: 1 }],
        complete: false,
      };
    },
  } as unknown as OutboxDatabase;
  const history = new EventHistory(outbox, database, 'sample');
  beforeEach(() => {
    rows = {};
    asked.length = 0;
  });
  const told = { event: id, told: typeOf(OrgCreatedEvent), event_version: 3, payload: '{"a":1}', at: AT };
  const shown = {
    id,
    type: typeOf(OrgCreatedEvent),
    entity_version: 3,
    body: '{"a":1}',
    created_at: '2026-01-02T03:04:05.000Z',
  };

  it('is the newest of each entity of all organizations, a thousand at a time, to whoever follows them', async () => {
    const head = { org_id: a.id, entity: 'org', entity_id: a.id, entity_version: 1 };
    expect(await history.heads({ mark: '7', entities: ['org', 'member'] }, ['org'])).toEqual({
      mark: '8',
      items: [head],
      complete: false,
    });
    await history.heads({}, ['org', 'lead']);
    expect(asked).toEqual([
      ['heads', ['7', ['org'], 1_000]],
      ['heads', [null, ['org', 'lead'], 1_000]],
    ]);
  });

  it('is all of an event, to whoever handles it', async () => {
    rows = { 'events of entity': [{ ...told, request: 'request-1', trace_parent: '00-aa' }] };
    const request = { entity: 'org', entity_id: entity, after: 2 };
    const items = [{ ...shown, request_id: 'request-1', trace: '00-aa' }];
    expect(await history.events(request, [request.entity])).toEqual({ items });
    expect(asked).toEqual([['events of entity', { ...request, limit: 20 }]]);
  });

  it('is told of what they take to whoever takes events, and of nothing else', async () => {
    expect((await history.heads({ entities: ['member'] }, ['org'])).mark).toBe('8');
    expect(asked).toEqual([['heads', [null, [], 1_000]]]);
    const events = history.events({ entity: 'member', entity_id: entity, after: 0 }, ['org']);
    await expect(events).rejects.toMatchObject({ code: 'forbidden' });
    expect(asked).toHaveLength(1);
  });

  it('is what may be seen of an event, to a person: theirs alone, and of what they may see', async () => {
    const row = { ...told, subject: entity, person: null };
    const finished = typeOf(ImportFinishedEvent);
    const [second, third] = [newId(), newId()];
    rows = {
      'events since': [row, { ...row, event: second, told: finished }, { ...row, event: third, person: a.viewer }],
    };
    const stream = (role: 'owner' | 'viewer', actor = a.owner, limit = 10) =>
      a.as(() => history.stream({ after: id, limit }), { role, actor });
    const of = { ...shown, entity_id: entity };
    expect(await stream('viewer')).toEqual({ items: [of], last: third, complete: true, role: 'viewer' });
    expect((await stream('owner')).items).toEqual([of, { ...of, id: second, type: finished }]);
    expect((await stream('viewer', a.viewer)).items).toEqual([of, { ...of, id: third }]);
    expect(await stream('owner', a.owner, 3)).toMatchObject({ last: third, complete: false });
    expect(asked[0]).toEqual(['events since', { after: id, from_start: false, limit: 10 }]);
  });

  it('is from the newest one on where nobody says from where, and from the first one where somebody does', async () => {
    const newest = () => b.as(() => history.stream({ limit: 10 }));
    expect(await newest()).toEqual({ items: [], last: historyMessages.NO_EVENT, complete: true, role: 'owner' });
    rows = { 'newest event': [{ event: id }], 'events since': [{ ...told, event: null }] };
    expect(await newest()).toEqual({ items: [], last: id, complete: true, role: 'owner' });
    asked.length = 0;
    const from = await b.as(() => history.stream({ after: historyMessages.NO_EVENT, limit: 10 }));
    expect(from).toEqual({ items: [], last: historyMessages.NO_EVENT, complete: true, role: 'owner' });
    expect(asked).toEqual([['events since', { after: historyMessages.NO_EVENT, from_start: true, limit: 10 }]]);
  });

  it('is refused from an event on that is none of the organization’s', async () => {
    const stream = b.as(() => history.stream({ after: id, limit: 10 }));
    await expect(stream).rejects.toMatchObject({ code: 'invalid_cursor' });
  });
});
