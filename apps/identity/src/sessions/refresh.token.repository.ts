import { newId } from '@apollo/tenancy';
import { call, deletion, statement, TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';
import { SessionDirectory } from './session.directory.js';
import { type PresentedToken, trulyUsed } from './session.rules.js';

/** A token somebody presents, with the session it belongs to. */
export interface FoundToken extends PresentedToken {
  readonly sessionId: string;
  readonly hash: string;
  /** See `SessionSecrets`. */
  readonly mark: string | null;
}

/** A token that follows another one, and the request that was given it. */
export interface NextToken {
  readonly hash: string;
  readonly now: Date;
  readonly expires: Date;
  readonly address: string;
  readonly agent: string | null;
}

/** Takes a token that nobody has used yet. */
export const addRefreshToken = statement<
  object,
  { id: string; session: string; hash: string; now: Date; expires: Date }
>(
  'refresh tokens add',
  'insert into identity.refresh_tokens (user_id, id, session_id, token_hash, created_at, expires_at) values (:actor, :id, :session, :hash, :now, :expires)',
);
const find = statement<{ used_at: Date | null; used_by: string | null }, { session: string; hash: string }>(
  'refresh tokens find',
  'select used_at, used_by from identity.refresh_tokens where user_id = :actor and token_hash = :hash and session_id = :session',
);
const findSession = statement<{ ended_at: Date | null; factor_mark: string | null }, { session: string }>(
  'refresh tokens find session',
  'select ended_at, factor_mark from identity.sessions where user_id = :actor and id = :session',
);
const use = statement<object, { hash: string; now: Date; client: string }>(
  'refresh tokens use',
  'update identity.refresh_tokens set used_at = :now, used_by = :client::uuid where user_id = :actor and token_hash = :hash',
);
const dropExpired = statement<object, { session: string; now: Date }>(
  'refresh tokens drop expired',
  deletion('identity.refresh_tokens', 'user_id = :actor and session_id = :session and expires_at < :now'),
);

const touchSession = statement<object, Omit<NextToken, 'hash'> & { session: string }>(
  'sessions touch',
  `update identity.sessions set last_used_at = :now, expires_at = :expires, address = :address, user_agent = coalesce(:agent, user_agent)
   where user_id = :actor and id = :session`,
);

/** A person's refresh tokens, by hash; runs in that person's context. */
@Injectable()
export class RefreshTokenRepository {
  constructor(
    private readonly database: TenantDatabase,
    private readonly directory: SessionDirectory,
  ) {}

  /**
   * A token of an open session, the person's sessions held until the transaction ends: one refresh of a family at a
   * time. Whose token it is, it proves itself, and whether it was used, the directory says; the rows add by whom, and
   * what nobody goes on by.
   */
  async locked(token: string): Promise<FoundToken | undefined> {
    const family = await this.directory.ofToken(token);
    if (!family) return undefined;
    const { id: sessionId, hash } = family;
    await this.directory.hold();
    const [[session], [row]] = await this.database.batch([
      call(findSession, { session: sessionId }),
      call(find, { session: sessionId, hash }),
    ]);
    const open = await this.directory.find(sessionId);
    if (!open) return undefined;
    return {
      sessionId,
      hash,
      usedOnArrival: !family.current,
      usedAt: trulyUsed(row?.used_at ?? null, open.token_hash === hash, open.rotated_at),
      usedBy: row?.used_by ?? null,
      expiresAt: open.expires_at,
      sessionEnded: session === undefined || session.ended_at !== null || row === undefined,
      mark: session?.factor_mark ?? null,
    };
  }

  /** Marks a token as used by a client and stores the one that follows it, by which the session goes on. */
  async rotate({ sessionId: session, hash: used }: FoundToken, client: string, next: NextToken): Promise<void> {
    const { hash, now, expires, address, agent } = next;
    await this.database.batch([
      call(use, { hash: used, now, client }),
      call(addRefreshToken, { id: newId(), session, hash, now, expires }),
      call(dropExpired, { session, now }),
      call(touchSession, { session, now, expires, address, agent }),
    ]);
    await this.directory.renew({ id: session, token: hash, now, expires });
  }
}
