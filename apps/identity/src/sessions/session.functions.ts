import { definer, PLATFORM_ONLY } from '../accounts/directory.functions.js';
import { MOST_SESSIONS } from './session.rules.js';

/**
 * Ways into the directory of open sessions: a person's own one is read by that person, and written by the platform
 * alone. Whatever begins, goes on or ends locks the person's account before any session of theirs: two that lock in
 * another order would wait for each other until one of them is refused.
 */
export const sessionFunctions = [
  definer({
    name: 'my_session',
    takes: 'session uuid',
    gives: 'table (operator boolean, token_hash text, rotated_at timestamptz, expires_at timestamptz)',
    volatility: 'stable',
    body: `return query select a.operator, o.token_hash, o.rotated_at, o.expires_at
    from identity.open_sessions o join identity.accounts a on a.user_id = o.user_id
    where o.user_id = tenancy.self_id() and o.session_id = session;`,
  }),
  definer({
    name: 'my_sessions',
    takes: '',
    gives: 'table (session_id uuid, token_hash text)',
    volatility: 'stable',
    body: `return query select o.session_id, o.token_hash from identity.open_sessions o where o.user_id = tenancy.self_id();`,
  }),
  definer({
    name: 'my_sign_outs',
    takes: 'session uuid',
    gives: 'table (sign_outs int)',
    volatility: 'stable',
    // As of the session's begin.
    body: `return query select o.sign_outs from identity.open_sessions o where o.user_id = tenancy.self_id() and o.session_id = session;`,
  }),
  definer({
    name: 'sign_outs_of',
    takes: 'person uuid',
    gives: 'table (sign_outs int)',
    volatility: 'stable',
    body: `${PLATFORM_ONLY}
  return query select a.sign_outs from identity.accounts a where a.user_id = person;`,
  }),
  definer({
    name: 'hold_person',
    takes: 'person uuid',
    gives: 'void',
    volatility: 'volatile',
    body: `${PLATFORM_ONLY}
  perform from identity.accounts a where a.user_id = person for no key update;`,
  }),
  definer({
    name: 'open_session',
    takes: 'session uuid, person uuid, token text, moment timestamptz, until timestamptz, known int default null',
    gives: 'table (opened boolean)',
    volatility: 'volatile',
    // Not where the person was signed out everywhere since that often was `known`: who is in the course of it holds the
    // row, so that each session is opened before, and ends with the others, or not at all. A process of the release
    // before does not say what it knows. Also forgets some that nobody has refreshed in time, and what is more of one
    // person than there may be, whatever rows say.
    body: `${PLATFORM_ONLY}
  select a.sign_outs into known from identity.accounts a where a.user_id = person and a.sign_outs = coalesce(known, a.sign_outs)
    for no key update;
  if not found then
    return query select false;
    return;
  end if;
  delete from identity.open_sessions o where (o.user_id, o.session_id) in (
    select e.user_id, e.session_id from identity.open_sessions e where e.expires_at < moment order by e.expires_at limit 10 for update skip locked);
  insert into identity.open_sessions (user_id, session_id, token_hash, rotated_at, expires_at, sign_outs)
    values (person, session, token, moment, until, known);
  delete from identity.open_sessions o where o.user_id = person and o.session_id in (
    select s.session_id from identity.open_sessions s where s.user_id = person
    order by s.rotated_at desc, s.session_id desc offset ${MOST_SESSIONS});
  return query select true;`,
  }),
  definer({
    name: 'renew_session',
    takes: 'session uuid, person uuid, token text, moment timestamptz, until timestamptz',
    gives: 'void',
    volatility: 'volatile',
    body: `${PLATFORM_ONLY}
  update identity.open_sessions o set token_hash = token, rotated_at = moment, expires_at = until
    where o.user_id = person and o.session_id = session;`,
  }),
  definer({
    name: 'close_sessions',
    takes: 'sessions uuid[], person uuid',
    gives: 'table (session_id uuid)',
    volatility: 'volatile',
    // All of the person's where none are named; that is counted, so that what they granted to services ends with them.
    body: `${PLATFORM_ONLY}
  if sessions is null then
    update identity.accounts a set sign_outs = a.sign_outs + 1 where a.user_id = person;
  else
    perform from identity.accounts a where a.user_id = person for no key update;
  end if;
  return query delete from identity.open_sessions o
    where o.user_id = person and (sessions is null or o.session_id = any (sessions)) returning o.session_id;`,
  }),
  definer({
    name: 'close_other_sessions',
    takes: 'kept uuid, person uuid',
    gives: 'table (session_id uuid)',
    volatility: 'volatile',
    // Counts as all of them, and the one that is kept as begun after that.
    body: `${PLATFORM_ONLY}
  update identity.accounts a set sign_outs = a.sign_outs + 1 where a.user_id = person;
  update identity.open_sessions o set sign_outs = a.sign_outs from identity.accounts a
    where a.user_id = person and o.user_id = person and o.session_id = kept;
  return query delete from identity.open_sessions o where o.user_id = person and o.session_id <> kept returning o.session_id;`,
  }),
];
