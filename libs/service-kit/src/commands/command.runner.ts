import { createHmac, createSecretKey, hkdfSync } from 'node:crypto';
import { type ContractScope, DomainError } from '@apollo/contracts';
import { type CommandRunner, handledMessage } from '@apollo/messaging';
import { newId } from '@apollo/tenancy';
import {
  deletion,
  isUniqueViolation,
  platformStatement,
  type Statement,
  statement,
  type TenantDatabase,
} from '@apollo/tenancy/postgres';

interface Key {
  by: string;
  type: string;
  key: string;
}
interface Stored {
  request_hash: string;
  reply: string;
}

interface ScopeStatements {
  readonly find: Statement<Stored, Key>;
  readonly store: Statement<object, Key & { id: string; hash: string; reply: string }>;
  readonly forget: Statement<object, object>;
}

/** Fraction of commands that also remove what is older than a day, in their own organization. */
const FORGET_SHARE = 0.01;

function statementsFor(schema: string, scope: ContractScope): ScopeStatements {
  const table = `${schema}.${{ org: 'org_commands', self: 'person_commands', platform: 'platform_commands' }[scope]}`;
  const [column, owner] = { org: ['org_id, ', ':org, '], self: ['user_id, ', ':actor, '], platform: ['', ''] }[
    scope
  ] as [string, string];
  const mine = { org: 'org_id = :org and', self: 'user_id = :actor and', platform: '' }[scope];
  const make = scope === 'platform' ? platformStatement : statement;
  return {
    find: make(
      `${table} find`,
      `select request_hash, reply from ${table} where ${mine} actor = :by and message_type = :type and idempotency_key = :key`,
    ),
    store: make(
      `${table} store`,
      `insert into ${table} (${column}id, actor, message_type, idempotency_key, request_hash, reply)
      values (${owner}:id, :by, :type, :key, :hash, :reply)`,
    ),
    forget: make(`${table} forget`, deletion(table, `${mine} created_at < now() - interval '1 day'`)),
  };
}

/**
 * Runs each command in one transaction together with the memory of its answer. The same key with the same request
 * gives the stored answer; with another request it is refused; two at once take effect once, and both get the answer.
 *
 * @param secretHex a secret of the service, 64 hex digits: requests may hold passwords, so what is remembered of them
 *   is a keyed hash
 */
export function commandRunner(database: TenantDatabase, schema: string, secretHex: string): CommandRunner {
  const hashKey = createSecretKey(
    Buffer.from(hkdfSync('sha256', Buffer.from(secretHex, 'hex'), '', 'apollo command', 32)),
  );
  const statements = {
    org: statementsFor(schema, 'org'),
    self: statementsFor(schema, 'self'),
    platform: statementsFor(schema, 'platform'),
  };
  return async (handle, prepare) => {
    const message = handledMessage();
    if (!message) throw new Error('a command runs as the handling of a message');
    const own = statements[message.envelope.context.scope];
    const hash = createHmac('sha256', hashKey).update(JSON.stringify(message.payload)).digest('hex');
    const { actor } = message.envelope.context;
    // Nobody in particular is many people: what they send is what tells their keys apart.
    const by = actor === 'anonymous' ? `anonymous ${hash}` : actor;
    const key: Key = { by, type: message.envelope.type, key: message.envelope.idempotencyKey };
    const stored = async (): Promise<object | undefined> => {
      const [known] = await database.query(own.find, key);
      return known && replay(known, hash);
    };
    const once = (prepared?: object): Promise<object> =>
      database.transaction(async (transaction) => {
        const known = prepare ? undefined : await stored();
        if (known) return known;
        const reply = await handle(prepared);
        transaction.defer(own.store, { ...key, id: newId(), hash, reply: JSON.stringify(reply) });
        if (Math.random() < FORGET_SHARE) transaction.defer(own.forget, {});
        return reply;
      });
    try {
      if (!prepare) return await once();
      return (await stored()) ?? (await once(await prepare()));
    } catch (error) {
      if (!mayHaveLostToTwin(error)) throw error;
      const known = await stored();
      if (!known) throw error;
      return known;
    }
  };
}

/** The same command sent twice at once: the other one took effect first, and this one met what it left behind. */
function mayHaveLostToTwin(error: unknown): boolean {
  return error instanceof DomainError ? error.code !== 'idempotency_mismatch' : isUniqueViolation(error, '_commands_');
}

function replay(stored: Stored, hash: string): object {
  if (stored.request_hash !== hash) throw new DomainError('idempotency_mismatch');
  return JSON.parse(stored.reply) as object;
}
