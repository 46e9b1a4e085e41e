import { entityOf, type EventContract, typeOf, validated } from '@apollo/contracts';
import { currentTenant, newId } from '@apollo/tenancy';
import { type Statement, statement, type TenantDatabase } from '@apollo/tenancy/postgres';

interface NewEvent {
  readonly id: string;
  readonly type: string;
  readonly entity: string;
  readonly entity_id: string;
  readonly by: string;
  readonly person: string | null;
  readonly request_id: string;
  readonly trace: string | null;
  readonly body: string;
}

/** Writes a service's durable events down, in the transaction of the change each tells of. */
export class Outbox {
  private readonly write: Statement<object, NewEvent>;

  /**
   * @param schema the service's schema, which has an `outboxTable`
   * @param wake told when there is something to publish: here, or by whoever had a function of the database write it down
   */
  constructor(
    private readonly database: TenantDatabase,
    schema: string,
    readonly wake: () => void,
  ) {
    // Two changes of one entity follow each other by its row's lock; where they do not, its versions' key refuses one.
    this.write = statement(
      'write event',
      `
      insert into ${schema}.outbox (org_id, id, type, entity, entity_id, entity_version, actor, person_id, request_id, trace, body, created_at, written_in)
      select :org, :id::uuid, :type, :entity, :entity_id::uuid, coalesce(max(o.entity_version), 0) + 1, :by, :person::uuid, :request_id, :trace, :body,
        clock_timestamp(), pg_current_xact_id()::text::bigint
      from ${schema}.outbox o where o.org_id = :org and o.entity = :entity and o.entity_id = :entity_id::uuid`,
    );
  }

  /**
   * Tells of a change of the acting organization, if and only if the open transaction commits.
   *
   * @param entityId what changed; the events of one entity reach each consumer in the order they were written
   * @throws DomainError `validation_failed` for a payload that is not the contract's
   */
  async emit<Event extends object>(contract: EventContract<Event>, entityId: string, payload: Event): Promise<void> {
    if (contract.delivery !== 'durable') throw new Error(`${typeOf(contract)} is announced, not written down`);
    validated(contract.request, payload);
    const { actor, requestId, trace } = currentTenant();
    await this.database.transaction(async (transaction) => {
      transaction.defer(this.write, {
        id: newId(),
        type: typeOf(contract),
        entity: entityOf(contract),
        entity_id: entityId,
        by: actor,
        person: contract.personal ? actor : null,
        request_id: requestId,
        trace: trace ?? null,
        body: JSON.stringify(payload),
      });
      transaction.afterCommit(this.wake);
    });
  }
}
