import { OrgCreatedEvent, typeOf } from '@apollo/contracts';
import { newId } from '@apollo/tenancy';
import { DatabaseBusyError } from '@apollo/tenancy/postgres';
import { testOrg } from '@apollo/testing';
import type { DeadLetters } from './dead.letters.js';
import { EventReactor } from './event.reactor.js';
import type { Inbox } from './inbox.js';

describe('A74 an event that cannot be handled here now', () => {
  const org = testOrg();
  const event = {
    org: org.id,
    id: newId(),
    type: typeOf(OrgCreatedEvent),
    entityId: org.id,
    entityVersion: 1,
    requestId: 'r',
    trace: undefined,
    body: JSON.stringify({ slug: 'x', time_zone: 'UTC', currency: 'EUR', status: 'active' }),
  };

  /** What becomes of it when it is brought twenty times, and ends with `error` each time. */
  async function brought(error: Error): Promise<{ deadLettered: number; done: boolean }> {
    let deadLettered = 0;
    const inbox = { once: () => Promise.reject(error) } as unknown as Inbox;
    const letters = { add: () => Promise.resolve(void (deadLettered += 1)) } as unknown as DeadLetters;
    const observer = { event: () => undefined, failed: () => undefined };
    const reactor = new EventReactor(inbox, letters, () => undefined, observer);
    let done = false;
    for (let n = 0; n < 20 && !done; n += 1) ({ done } = await reactor.handle(OrgCreatedEvent, event));
    return { deadLettered, done };
  }

  it('is tried again where its organization has its share of the connections, and never put among the dead letters for that', async () => {
    expect(await brought(new DatabaseBusyError())).toEqual({ deadLettered: 0, done: false });
    // The control: what fails by itself.
    expect(await brought(new Error('fails'))).toEqual({ deadLettered: 1, done: true });
  });

  it('is tried again too where the database is of a newer version than this process, until that is replaced', async () => {
    const missing = Object.assign(new Error('column "x" does not exist'), { code: '42703' });
    expect(await brought(missing)).toEqual({ deadLettered: 0, done: false });
  });
});
