import { newId } from '@apollo/tenancy';
import { call, deletion, statement, TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';
import { addRefreshToken } from './refresh.token.repository.js';
import { SessionDirectory } from './session.directory.js';
import { MOST_SESSIONS } from './session.rules.js';

/** A session that stands, as its person may see it. */
export interface SessionRow {
  readonly id: string;
  readonly created_at: Date;
  readonly last_used_at: Date;
  readonly expires_at: Date;
  readonly address: string;
  readonly user_agent: string | null;
  readonly factor_mark: string | null;
}

/** A session that begins. */
export interface NewSession {
  readonly id: string;
  readonly address: string;
  readonly userAgent: string | null;
  /** See `SessionSecrets`. */
  readonly mark: string | null;
  /** Of the refresh token that it goes on by. */
  readonly tokenHash: string;
  /** How often the person had been signed out everywhere when they proved who they are. */
  readonly signOuts: number;
  readonly now: Date;
  readonly expires: Date;
}

/** Which sessions end: all where none are named, but for the one that is kept. */
interface Ended {
  readonly sessions: string[] | null;
  readonly kept: string | null;
}

const standing = 'user_id = :actor and ended_at is null and expires_at > :now';
const columns = 'id, created_at, last_used_at, expires_at, address, user_agent, factor_mark';

const add = statement<object, Omit<NewSession, 'userAgent' | 'tokenHash' | 'signOuts'> & { agent: string | null }>(
  'sessions add',
  `insert into identity.sessions (user_id, id, created_at, last_used_at, expires_at, address, user_agent, factor_mark)
   values (:actor, :id, :now, :now, :expires, :address, :agent, :mark::uuid)`,
);
const endSurplus = statement<{ id: string }, { now: Date; most: number }>(
  'sessions end surplus',
  `update identity.sessions set ended_at = :now, end_reason = 'surplus' where user_id = :actor and id in (
     select id from identity.sessions where ${standing} order by last_used_at desc, id desc offset :most) returning id`,
);
const forgetOld = statement<object, { now: Date }>(
  'sessions forget',
  deletion(
    'identity.sessions',
    "user_id = :actor and least(ended_at, expires_at) < :now::timestamptz - interval '90 days'",
  ),
);
const list = statement<SessionRow, { now: Date }>(
  'sessions list',
  `select ${columns} from identity.sessions where ${standing} order by last_used_at desc, id desc limit 200`,
);
const find = statement<SessionRow, { id: string; now: Date }>(
  'sessions find',
  `select ${columns} from identity.sessions where ${standing} and id = :id`,
);
const raise = statement<{ id: string }, { id: string; mark: string | null; now: Date }>(
  'sessions raise',
  `update identity.sessions set factor_mark = :mark::uuid where ${standing} and id = :id returning id`,
);
const end = statement<{ id: string }, Ended & { now: Date; reason: string }>(
  'sessions end',
  `update identity.sessions set ended_at = :now, end_reason = :reason
   where ${standing} and (:sessions::uuid[] is null or id = any(:sessions::uuid[])) and id is distinct from :kept::uuid returning id`,
);
const dropTokens = statement<object, Ended>(
  'refresh tokens drop',
  deletion(
    'identity.refresh_tokens',
    `user_id = :actor and (:sessions::uuid[] is null or session_id = any(:sessions::uuid[]))
     and session_id is distinct from :kept::uuid`,
  ),
);

/** A person's sessions; runs in that person's context. */
@Injectable()
export class SessionRepository {
  constructor(
    private readonly database: TenantDatabase,
    private readonly directory: SessionDirectory,
  ) {}

  /** With its first refresh token. @throws DomainError as `SessionDirectory.open` */
  async add({ userAgent, tokenHash, signOuts, ...session }: NewSession): Promise<void> {
    const { id, now, expires } = session;
    await this.directory.open({ id, token: tokenHash, now, expires }, signOuts);
    const [, surplus] = await this.database.batch([
      call(add, { ...session, agent: userAgent }),
      call(endSurplus, { now, most: MOST_SESSIONS }),
      call(forgetOld, { now }),
      call(addRefreshToken, { id: newId(), session: id, hash: tokenHash, now, expires }),
    ]);
    const ended = surplus.map(({ id: surplusId }) => surplusId);
    if (ended.length > 0) {
      await this.database.query(dropTokens, { sessions: ended, kept: null });
      await this.directory.close(ended);
    }
  }

  /** The latest used 200. */
  list(now: Date): Promise<SessionRow[]> {
    return this.database.query(list, { now });
  }

  async find(id: string, now: Date): Promise<SessionRow | undefined> {
    const [row] = await this.database.query(find, { id, now });
    return row;
  }

  /** Gives a standing session a mark of `SessionSecrets`. @returns whether it stands */
  async raise(id: string, mark: string | null, now: Date): Promise<boolean> {
    return (await this.database.query(raise, { id, mark, now })).length > 0;
  }

  /**
   * Ends one standing session, or all with null, and takes their refresh tokens away.
   *
   * @returns the ids of those that ended
   */
  async end(id: string | null, reason: string, now: Date): Promise<string[]> {
    // Whatever the rows say: one that pretends to have ended would come back.
    const sessions = id === null ? null : [id];
    // In this order: of all sessions, one that is just being opened is waited for, and is among them.
    const closed = await this.directory.close(sessions);
    await this.endRows({ sessions, kept: null }, reason, now);
    return closed;
  }

  /** Ends all sessions but one, see `SessionDirectory.closeOthers`. @returns the ids of those that ended */
  async endOthers(kept: string, reason: string, now: Date): Promise<string[]> {
    const closed = await this.directory.closeOthers(kept);
    await this.endRows({ sessions: null, kept }, reason, now);
    return closed;
  }

  private async endRows(ended: Ended, reason: string, now: Date): Promise<void> {
    await this.database.batch([call(end, { ...ended, now, reason }), call(dropTokens, ended)]);
  }
}
