import { DomainError, type EventContract, typeOf, validated } from '@apollo/contracts';
import { currentTenant } from '@apollo/tenancy';
import { functionCall, type Statement, type TenantDatabase } from '@apollo/tenancy/postgres';
import { LARGEST_EVENT_BYTES } from './durable.tables.js';

interface NewEvent {
  readonly type: string;
  readonly entity_id: string;
  readonly by: string;
  readonly person: string | null;
  readonly request_id: string;
  readonly trace: string | null;
  readonly body: string;
}

/** Writes a service's durable events into its outbox, in the transaction of the change that each is about. */
export class Outbox {
  private readonly write: Statement<object, NewEvent>;

  /**
   * @param schema the service's schema, which has an `outboxTable` and its `outboxFunctions`
   * @param wake called when an event was written: here, or by whoever had a function of the database write it
   */
  constructor(
    private readonly database: TenantDatabase,
    schema: string,
    readonly wake: () => void,
  ) {
    this.write = functionCall(
      'write event',
      `select * from ${schema}.write_event(:type, :entity_id::uuid, :by, :person::uuid, :request_id, :trace, :body)`,
    );
  }

  /** Has what a function of the database wrote down published, once the open transaction commits. */
  async wakeOnCommit(): Promise<void> {
    await this.database.transaction(async (transaction) => transaction.afterCommit(this.wake));
  }

  /**
   * Tells of a change of the acting organization, if and only if the open transaction commits.
   *
   * @param entityId what changed; the events of one entity reach each consumer in the order they were written
   * @throws DomainError `validation_failed` for a payload that is not the contract's, or too large for an event
   */
  async emit<Event extends object>(contract: EventContract<Event>, entityId: string, payload: Event): Promise<void> {
    if (contract.delivery !== 'durable') throw new Error(`${typeOf(contract)} is announced, not written down`);
    validated(contract.request, payload);
    const body = JSON.stringify(payload);
    if (Buffer.byteLength(body) > LARGEST_EVENT_BYTES)
      throw new DomainError('validation_failed', 'It is too large to be told of.');
    const { actor, requestId, trace } = currentTenant();
    await this.database.transaction(async (transaction) => {
      transaction.defer(this.write, {
        type: typeOf(contract),
        entity_id: entityId,
        by: actor,
        person: contract.personal ? actor : null,
        request_id: requestId,
        trace: trace ?? null,
        body,
      });
      transaction.afterCommit(this.wake);
    });
  }
}
