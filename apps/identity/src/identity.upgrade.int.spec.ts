import { newId } from '@apollo/tenancy';
import { migrate } from '@apollo/tenancy/postgres';
import { databaseBefore } from '@apollo/testing';
import { identitySchema } from './identity.schema.js';

/** The first migration that has the directory decide what a person's rows did. */
const FIRST = '0070';

it('takes what people have over into the directory, and is stopped by no row that somebody planted', async () => {
  const test = await databaseBefore(identitySchema, FIRST);
  const [person, planter, session, factor] = [newId(), newId(), newId(), newId()];
  const hash = `$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$${'A'.repeat(43)}`;
  const code = 'c'.repeat(43);
  for (const [user, name, stored, agent, factorId] of [
    [person, 'A person', hash, 'Firefox', factor],
    [planter, 'n'.repeat(5_000), hash.replace('t=2', 't=3000'), 'u'.repeat(5_000), newId()],
  ] as const) {
    const each: [string, unknown[]][] = [
      [`insert into identity.accounts values ($1, $2, $2, false, false, now(), true)`, [user, `${user}@x.test`]],
      [`insert into identity.people values ($1, $1, $2, now())`, [user, name]],
      [`insert into identity.credentials values ($1, $1, $2, now())`, [user, stored]],
      [
        `insert into identity.totp_factors (user_id, id, state, sealed_secret, last_step, created_at) values ($1, $2, 'confirmed', 'v1.a.b.c', 7, now())`,
        [user, factorId],
      ],
      [`insert into identity.recovery_codes values ($1, $2, $3)`, [user, newId(), code]],
      [
        `insert into identity.sessions (user_id, id, created_at, last_used_at, expires_at, address, user_agent)
         values ($1, $2, now(), now(), now() + interval '9 years', '192.0.2.1', $3)`,
        [user, session, agent],
      ],
      [
        `insert into identity.refresh_tokens (user_id, id, session_id, token_hash, created_at, expires_at)
         values ($1, $2, $3, 'hash', now(), now() + interval '9 years')`,
        [user, newId(), session],
      ],
    ];
    for (const [sql, values] of each) await test.admin(sql, values);
  }

  expect((await migrate(identitySchema, test.migrateUrl)).length).toBeGreaterThan(2);

  expect(
    await test.admin(
      `select factor_id, factor_step, recovery_codes, password_digest = encode(sha256(convert_to($2, 'UTF8')), 'hex') as in_force
       from identity.accounts where user_id = $1`,
      [person, hash],
    ),
  ).toEqual([{ factor_id: factor, factor_step: '7', recovery_codes: [code], in_force: true }]);
  expect(
    await test.admin(
      `select user_id, token_hash, expires_at < now() + interval '31 days' as soon from identity.open_sessions`,
    ),
  ).toEqual([{ user_id: person, token_hash: 'hash', soon: true }]);
  expect(await test.admin('select user_id from identity.credentials')).toEqual([{ user_id: person }]);
  expect(await test.admin('select length(name) as length from identity.people order by 1')).toEqual([
    { length: 8 },
    { length: 200 },
  ]);
  await test.drop();
});
