import { setImmediate as turn } from 'node:timers/promises';
import {
  DomainError,
  type historyMessages,
  LeadChangedEvent,
  type RequestContract,
  type Role,
  typeOf,
} from '@apollo/contracts';
import type { Bus } from '@apollo/messaging';
import { currentTenant, newId, type TenantContext } from '@apollo/tenancy';
import { testOrg } from '@apollo/testing';
import type { FeedPage } from './feed.page.js';
import { FeedQuestions, UNDER_WAY } from './feed.questions.js';

interface Asked {
  readonly context: TenantContext;
  readonly after: string | undefined;
  readonly answer: (types?: string[], role?: Role) => void;
  readonly refuse: (error: Error) => void;
}

let asked: Asked[];
let questions: FeedQuestions;
/** Begins the next round of whoever waits for one. */
let nextRound: () => Promise<void>;

beforeEach(() => {
  asked = [];
  const request = (_contract: RequestContract, { after }: historyMessages.OrgEventsRequest): Promise<unknown> => {
    const { promise, resolve, reject } = Promise.withResolvers<historyMessages.OrgEvents>();
    const event = { id: newId(), entity_id: newId(), entity_version: 1, body: '{}', created_at: '' };
    const answer = (types: string[] = [], role?: Role): void =>
      resolve({
        items: types.map((type) => ({ ...event, type })),
        last: newId(),
        complete: true,
        ...(role && { role }),
      });
    asked.push({ context: currentTenant(), after, answer, refuse: reject });
    return promise;
  };
  questions = new FeedQuestions({ request } as unknown as Bus);
  let pauses: (() => void)[] = [];
  questions.pause = () => new Promise<void>((resolve) => pauses.push(resolve));
  nextRound = async () => {
    const begun = pauses;
    pauses = [];
    begun.forEach((begin) => begin());
    await turn();
    await turn();
  };
});

const a = testOrg();
const as = (role: Role | 'system', after: string | undefined, actor = newId()): Promise<FeedPage> =>
  a.as(() => questions.ask('leads', after), { actor, role });

describe('four hundred streams of an organization', () => {
  it('ask each service one question a round for each role, however often something happens', async () => {
    const place = newId();
    for (let event = 0; event < 20; event++)
      for (let stream = 0; stream < 400; stream++) void as(stream % 2 ? 'member' : 'viewer', place);
    await nextRound();
    expect(asked.map(({ context: { role } }) => role)).toEqual(['viewer', 'member']);
    for (let round = 1; round <= 10; round++) {
      for (let stream = 0; stream < 400; stream++) void as('viewer', place);
      await nextRound();
      expect(asked).toHaveLength(2 + round);
    }
  });

  it('have so many questions under way from as many places, in the order they came, and hold up nobody else', async () => {
    const places = Array.from({ length: 400 }, () => newId());
    for (const place of places) void as('member', place);
    await nextRound();
    await nextRound();
    expect(asked.map(({ after }) => after)).toEqual(places.slice(0, UNDER_WAY));
    const b = testOrg();
    void b.as(() => questions.ask('leads', undefined));
    await nextRound();
    expect(asked.at(-1)?.context.orgId).toBe(b.id);
    for (const { answer } of asked.splice(0)) answer();
    await turn();
    await nextRound();
    expect(asked.map(({ after }) => after)).toEqual(places.slice(UNDER_WAY, 2 * UNDER_WAY));
  });
});

describe('a shared question', () => {
  it('begins after everybody who is given its answer asked for it', async () => {
    const place = newId();
    const first = as('member', place);
    await nextRound();
    const second = as('member', place);
    asked[0]?.answer([typeOf(LeadChangedEvent)]);
    expect((await first).events).toHaveLength(1);
    expect(asked).toHaveLength(1);
    await nextRound();
    asked[1]?.answer();
    expect((await second).events).toEqual([]);
  });

  it('shows nobody an event of a type that nobody knows here: it may be of one person alone', async () => {
    const answer = as('member', newId());
    await nextRound();
    asked[0]?.answer(['leads.secret.told.v1', typeOf(LeadChangedEvent)]);
    expect((await answer).events.map(({ type }) => type)).toEqual([typeOf(LeadChangedEvent)]);
  });

  it.each([
    ['more', 'viewer', 'admin'],
    ['less', 'owner', 'viewer'],
  ] as const)(
    'is answered to nobody else by a role that may see %s, which whoever asked first was given meanwhile',
    async (_what, role, given) => {
      const place = newId();
      const [changed, first, second] = [newId(), newId(), newId()];
      const answers = [changed, first, second].map((actor) => as(role, place, actor));
      await nextRound();
      expect(asked.map(({ context }) => context.actor)).toEqual([changed]);
      asked[0]?.answer([typeOf(LeadChangedEvent)], given);
      await nextRound();
      await nextRound();
      expect(asked.slice(1).map(({ context, after }) => [context.actor, context.role, after])).toEqual([
        [first, role, place],
        [second, role, place],
      ]);
      for (const { answer } of asked.slice(1)) answer([], role);
      expect((await Promise.all(answers)).map(({ events }) => events.length)).toEqual([1, 0, 0]);
    },
  );

  it('fails for whoever asked it, and is asked anew', async () => {
    const place = newId();
    const both = [as('member', place), as('member', place)];
    await nextRound();
    asked[0]?.refuse(new DomainError('invalid_cursor'));
    for (const each of both) await expect(each).rejects.toMatchObject({ code: 'invalid_cursor' });
    const again = as('member', place);
    await nextRound();
    asked[1]?.answer();
    expect((await again).complete).toBe(true);
  });
});
