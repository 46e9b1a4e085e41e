import {
  contractsOf,
  type historyMessages,
  ListOrgEntityEvents,
  ListOrgEventHeads,
  type ServiceName,
  typeOf,
} from '@apollo/contracts';
import { type TestDatabase, type TestPeer, testProcessConfig } from '@apollo/testing';
import { OutboxDatabase } from '@apollo/tenancy/postgres';
import { MessageKeys, entitiesTaken, EventHistory, handledMessage, MessageServer } from '../index.js';

/**
 * The orgs service as far as it answers what it told: from the outbox of a specimen, and nothing else.
 *
 * @param orgs its peer on the bus
 * @param failed is told of what an answer failed by
 */
export async function answerHistory(
  test: TestDatabase,
  orgs: TestPeer,
  failed: (error: unknown) => void,
): Promise<MessageServer> {
  const events = new EventHistory(new OutboxDatabase(test.relayUrl, 'specimen'), test.database, 'specimen');
  const history = new MessageServer({
    service: 'orgs',
    connection: orgs.connection,
    keys: new MessageKeys('orgs', testProcessConfig('orgs')),
    observer: {
      handled: () => undefined,
      rejected: () => undefined,
      failed: (_type, _id, error) => failed(error),
    },
  });
  for (const contract of contractsOf('orgs'))
    history.addHandler(typeOf(contract), () => Promise.reject(new Error('not asked for')));
  const taken = (): string[] => entitiesTaken('orgs', handledMessage()?.envelope.issuer as ServiceName);
  history.addHandler(typeOf(ListOrgEventHeads), (request: historyMessages.EventHeadsRequest) =>
    events.heads(request, taken()),
  );
  history.addHandler(typeOf(ListOrgEntityEvents), (request: historyMessages.EntityEventsRequest) =>
    events.events(request, taken()),
  );
  await new Promise<void>((resolve, reject) => history.listen((error) => (error ? reject(error as Error) : resolve())));
  return history;
}
