import { newId } from '@apollo/tenancy';
import { call, deletion, statement, TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';
import { SessionDirectory } from './session.directory.js';
import { type PresentedToken, trulyUsed } from './session.rules.js';

/** A token somebody presents, with the session it belongs to. */
export interface FoundToken extends PresentedToken {
  readonly id: string;
  readonly sessionId: string;
  /** See `FactorMark`. */
  readonly mark: string | null;
}

interface Row {
  id: string;
  session_id: string;
  used_at: Date | null;
  used_by: string | null;
  expires_at: Date;
}

const add = statement<object, { id: string; session: string; hash: string; now: Date; expires: Date }>(
  'refresh tokens add',
  'insert into identity.refresh_tokens (user_id, id, session_id, token_hash, created_at, expires_at) values (:actor, :id, :session, :hash, :now, :expires)',
);
const find = statement<Row, { hash: string }>(
  'refresh tokens find',
  'select id, session_id, used_at, used_by, expires_at from identity.refresh_tokens where user_id = :actor and token_hash = :hash',
);
const lockSession = statement<
  { ended_at: Date | null; expires_at: Date; factor_mark: string | null },
  { hash: string }
>(
  'refresh tokens lock session',
  `select ended_at, expires_at, factor_mark from identity.sessions where user_id = :actor and id = (
     select session_id from identity.refresh_tokens where user_id = :actor and token_hash = :hash) for update`,
);
const use = statement<object, { id: string; now: Date; client: string }>(
  'refresh tokens use',
  'update identity.refresh_tokens set used_at = :now, used_by = :client::uuid where user_id = :actor and id = :id',
);
const dropExpired = statement<object, { session: string; now: Date }>(
  'refresh tokens drop expired',
  deletion('identity.refresh_tokens', 'user_id = :actor and session_id = :session and expires_at < :now'),
);

function earliest(...moments: Date[]): Date {
  return new Date(Math.min(...moments.map((moment) => moment.getTime())));
}

/** A person's refresh tokens, by hash; runs in that person's context. */
@Injectable()
export class RefreshTokenRepository {
  constructor(
    private readonly database: TenantDatabase,
    private readonly directory: SessionDirectory,
  ) {}

  async add(sessionId: string, tokenHash: string, now: Date, expires: Date): Promise<void> {
    await this.database.query(add, { id: newId(), session: sessionId, hash: tokenHash, now, expires });
  }

  /** The token and its session, the session locked until the transaction ends: one refresh of a family at a time. */
  async locked(tokenHash: string): Promise<FoundToken | undefined> {
    const [before, sessions, after] = await this.database.batch([
      call(find, { hash: tokenHash }),
      call(lockSession, { hash: tokenHash }),
      call(find, { hash: tokenHash }),
    ]);
    const session = sessions?.[0] as
      { ended_at: Date | null; expires_at: Date; factor_mark: string | null } | undefined;
    const seen = before?.[0] as Row | undefined;
    const token = after?.[0] as Row | undefined;
    if (!session || !token) return undefined;
    const open = await this.directory.find(token.session_id);
    if (!open) return undefined;
    const current = open.token_hash === tokenHash;
    return {
      id: token.id,
      sessionId: token.session_id,
      usedOnArrival: seen?.used_at != null || (!current && token.used_at === null),
      usedAt: trulyUsed(token.used_at, current, open.rotated_at),
      usedBy: token.used_by,
      expiresAt: earliest(token.expires_at, session.expires_at, open.expires_at),
      sessionEnded: session.ended_at !== null,
      mark: session.factor_mark,
    };
  }

  /** Marks a token as used by a client and stores the one that follows it. */
  async rotate(token: FoundToken, client: string, nextHash: string, now: Date, expires: Date): Promise<void> {
    const session = token.sessionId;
    await this.database.batch([
      call(use, { id: token.id, now, client }),
      call(add, { id: newId(), session, hash: nextHash, now, expires }),
      call(dropExpired, { session, now }),
    ]);
  }
}
