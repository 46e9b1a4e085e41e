import { type ForeignKey, globalTable, p, personTable } from '@apollo/tenancy/postgres';

const schema = 'identity';

const sessions = personTable({
  name: 'SignInSession',
  schema,
  table: 'sessions',
  deletable: true,
  properties: {
    createdAt: p.datetime(3),
    lastUsedAt: p.datetime(3),
    expiresAt: p.datetime(3),
    address: p.text(),
    userAgent: p.text().nullable(),
    /** See `SessionSecrets`. */
    factorMark: p.uuid().nullable(),
    endedAt: p.datetime(3).nullable(),
    endReason: p.text().nullable(),
  },
  indexes: [['lastUsedAt']],
});

/** The family of a session: the token that works now, and the used ones by which a thief is noticed. */
const refreshTokens = personTable({
  name: 'RefreshToken',
  schema,
  table: 'refresh_tokens',
  deletable: true,
  properties: {
    sessionId: p.uuid(),
    tokenHash: p.text(),
    createdAt: p.datetime(3),
    expiresAt: p.datetime(3),
    usedAt: p.datetime(3).nullable(),
    /** Which client used it, as a fingerprint of the token, where it asked from and what it calls itself. */
    usedBy: p.uuid().nullable(),
  },
  uniques: [['tokenHash']],
  indexes: [['sessionId', 'expiresAt']],
});

/** See `SessionDirectory`. */
const openSessions = globalTable({
  name: 'OpenSessionEntry',
  schema,
  table: 'open_sessions',
  reason: 'That a session has ended stays so, whatever is written under the tag of its person.',
  properties: {
    userId: p.uuid().primary().name('user_id'),
    sessionId: p.uuid().primary().name('session_id'),
    tokenHash: p.text(),
    rotatedAt: p.datetime(3),
    expiresAt: p.datetime(3),
    /** Of the account when the session began. */
    signOuts: p.integer().default(0),
  },
  indexes: [['expiresAt']],
});

export const sessionTables = [sessions, refreshTokens, openSessions];

export const sessionForeignKeys: readonly ForeignKey[] = [
  {
    name: 'refresh_tokens_session',
    table: 'refresh_tokens',
    columns: ['session_id'],
    target: 'sessions',
    targetColumns: ['id'],
    cascade: true,
  },
];
