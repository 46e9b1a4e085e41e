import { createHmac, hkdfSync } from 'node:crypto';
import { type ContractScope, DomainError, type RequestContract } from '@apollo/contracts';
import { type CommandRunner, handledMessage } from '@apollo/messaging';
import { type Clock, newId, systemClock } from '@apollo/tenancy';
import {
  deletion,
  isUniqueViolation,
  platformStatement,
  type Statement,
  statement,
  type TenantDatabase,
} from '@apollo/tenancy/postgres';
import { derivedKey } from '../process/derived.key.js';
import { openJson, sealJson } from '../process/sealed.json.js';

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
  /** Not what is older than `since`; of any age with null. */
  readonly find: Statement<Stored, Key & { since: string | null }>;
  readonly store: Statement<object, Key & { id: string; hash: string; reply: string }>;
  /** Removes what is older than `since`, of one type of command, or of all with null. */
  readonly forget: Statement<object, { type: string | null; since: string }>;
}

/** How long an answer is given again at least, and how long at most where it or its request holds a secret. */
const REMEMBERED = '1 day';
const REMEMBERED_SECRET_MS = 600_000;
const REMEMBERED_SECRET = `${REMEMBERED_SECRET_MS} milliseconds`;

/** Fraction of commands that also remove what is older than a day, in their own organization. */
const FORGET_SHARE = 0.01;

function statementsFor(schema: string, scope: ContractScope): ScopeStatements {
  const table = `${schema}.${{ org: 'org_commands', self: 'person_commands', platform: 'platform_commands' }[scope]}`;
  const [column, owner] = { org: ['org_id, ', ':org, '], self: ['user_id, ', ':actor, '], platform: ['', ''] }[
    scope
  ] as [string, string];
  const mine = { org: 'org_id = :org and', self: 'user_id = :actor and', platform: '' }[scope];
  const make = scope === 'platform' ? platformStatement : statement;
  const same = `${mine} actor = :by and message_type = :type and idempotency_key = :key`;
  return {
    find: make(
      `${table} find`,
      `select request_hash, reply from ${table} where ${same} and (:since::interval is null or created_at > now() - :since::interval)`,
    ),
    store: make(
      `${table} store`,
      `insert into ${table} (${column}id, actor, message_type, idempotency_key, request_hash, reply)
      values (${owner}:id, :by, :type, :key, :hash, :reply)`,
    ),
    forget: make(
      `${table} forget`,
      deletion(
        table,
        `${mine} (:type::text is null or message_type = :type) and created_at <= now() - :since::interval`,
      ),
    ),
  };
}

/**
 * Runs each command in one transaction together with the memory of its answer. The same key with the same request
 * gives the stored answer; with another request it is refused; two at once take effect once, and both get the answer.
 * Where either holds a secret, only the service opens the answer, and only for whoever it was given to, with the same
 * request.
 *
 * @param secretHex a secret of the service, 64 hex digits: requests may hold passwords, so what is remembered of them
 *   is a keyed hash
 */
export function commandRunner(
  database: TenantDatabase,
  schema: string,
  secretHex: string,
  clock = systemClock,
): CommandRunner {
  const secret = Buffer.from(secretHex, 'hex');
  const hashKey = derivedKey(secretHex, 'command');
  const statements = {
    org: statementsFor(schema, 'org'),
    self: statementsFor(schema, 'self'),
    platform: statementsFor(schema, 'platform'),
  };
  return async (handle, prepare) => {
    const message = handledMessage();
    if (!message) throw new Error('a command runs as the handling of a message');
    const own = statements[message.envelope.context.scope];
    const { holdsSecret } = message.contract as RequestContract;
    const request = JSON.stringify(message.payload);
    const hash = createHmac('sha256', hashKey).update(request).digest('hex');
    const since = holdsSecret ? REMEMBERED_SECRET : null;
    const { context } = message.envelope;
    // Nobody in particular is many people: what they send is what tells their keys apart.
    const person = context.actor === 'anonymous' ? `anonymous ${hash}` : context.actor;
    // Who acts later for somebody learns nothing of what they were answered in person.
    const by = context.delegation ? `${person} ${context.delegation.run}` : person;
    const key: Key = { by, type: message.envelope.type, key: message.envelope.idempotencyKey };
    const place = JSON.stringify([context.scope, context.orgId, key.by, key.type, key.key, request]);
    const codec = holdsSecret ? sealedReplies(secret, place, clock) : plainReplies;
    const stored = async (): Promise<object | undefined> => {
      const [known] = await database.query(own.find, { ...key, since });
      return known && replay(known, hash, codec);
    };
    const once = (prepared?: object): Promise<object> =>
      database.transaction(async (transaction) => {
        const known = prepare ? undefined : await stored();
        if (known) return known;
        const reply = await handle(prepared);
        if (since) transaction.defer(own.forget, { type: key.type, since });
        transaction.defer(own.store, { ...key, id: newId(), hash, reply: await codec.write(reply) });
        if (Math.random() < FORGET_SHARE) transaction.defer(own.forget, { type: null, since: REMEMBERED });
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

function replay(stored: Stored, hash: string, codec: ReplyCodec): Promise<object> {
  if (stored.request_hash !== hash) throw new DomainError('idempotency_mismatch');
  return codec.read(stored.reply);
}

/** How an answer is stored. */
interface ReplyCodec {
  write(reply: object): Promise<string>;
  read(stored: string): Promise<object>;
}

const plainReplies: ReplyCodec = {
  write: async (reply) => JSON.stringify(reply),
  read: async (stored) => JSON.parse(stored) as object,
};

/** The header of a sealed answer that says when it was sealed, in milliseconds. */
const SEALED_AT = 'at';

/**
 * Sealed under a key of the service and of the request: to open one takes both, in time.
 *
 * @param place the request, whose it is, and under which key it was sent: an answer opens in no other row
 */
function sealedReplies(secret: Buffer, place: string, clock: Clock): ReplyCodec {
  const key = new Uint8Array(hkdfSync('sha256', secret, place, 'apollo secret reply', 32));
  return {
    write: (reply) => sealJson(reply, key, { [SEALED_AT]: clock().getTime() }),
    read: async (stored) => {
      const opened = await openJson(stored, key).catch(() => undefined);
      // Whatever its row says of whose and of when: rows can be written by whoever has found a way to send SQL.
      if (!opened || clock().getTime() - Number(opened.header[SEALED_AT]) >= REMEMBERED_SECRET_MS)
        throw new DomainError('state_conflict', 'The answer to this key is not kept any more.');
      return opened.value as object;
    },
  };
}
