import { command, event, query } from '../message/contract.js';
import { purgeOrganization } from '../message/purge.contracts.js';
import { Done, Empty } from '../message/shared.messages.js';
import * as m from './identity.messages.js';

const beforeSignIn = { service: 'identity', scope: 'platform', callers: ['gateway'] } as const;
const ofMine = { service: 'identity', scope: 'self', callers: ['gateway'] } as const;
const forOrgs = { service: 'identity', scope: 'platform', callers: ['orgs'] } as const;

/** Signs in; the same answer and the same time for an unknown address and a wrong password. */
export const Login = command({
  ...beforeSignIn,
  method: 'login',
  request: m.LoginRequest,
  reply: m.TokenPair,
  holdsSecret: true,
});
/** Trades a refresh token for a new pair; a used one revokes its whole family. */
export const Refresh = command({
  ...beforeSignIn,
  method: 'refresh',
  request: m.RefreshRequest,
  reply: m.TokenPair,
  holdsSecret: true,
});
/** Ends the session a refresh token belongs to. */
export const Logout = command({ ...beforeSignIn, method: 'logout', request: m.LogoutRequest, reply: Done });
/** Turns an access grant's mailed link into an account. */
export const Activate = command({
  ...beforeSignIn,
  method: 'activate',
  request: m.ActivateRequest,
  reply: m.Account,
  holdsSecret: true,
});
/** Mails a reset link to a known address; answers the same for an unknown one. */
export const ForgotPassword = command({
  ...beforeSignIn,
  method: 'forgot-password',
  request: m.ForgotPasswordRequest,
  reply: Done,
});
/** Sets a new password by a mailed single-use link and ends every session. */
export const ResetPassword = command({
  ...beforeSignIn,
  method: 'reset-password',
  request: m.ResetPasswordRequest,
  reply: Done,
  holdsSecret: true,
});
/** Public keys of access tokens. */
export const GetSigningKeys = query({
  ...beforeSignIn,
  method: 'get-signing-keys',
  request: Empty,
  reply: m.SigningKeys,
});
/** Grants an address access and mails the activation link; operators only. */
export const IssueAccessGrant = command({
  ...beforeSignIn,
  method: 'issue-access-grant',
  request: m.AccessGrantRequest,
  reply: m.AccessGrant,
  operatorOnly: true,
});

/** Whether the acting person's session still stands. */
export const CheckSession = query({
  ...ofMine,
  method: 'check-session',
  request: m.SessionRequest,
  reply: m.SessionState,
});
export const GetMe = query({ ...ofMine, method: 'get-me', request: Empty, reply: m.Me });
export const ListSessions = query({ ...ofMine, method: 'list-sessions', request: Empty, reply: m.SessionList });
export const RevokeSession = command({ ...ofMine, method: 'revoke-session', request: m.SessionRequest, reply: Done });
export const RevokeAllSessions = command({ ...ofMine, method: 'revoke-all-sessions', request: Empty, reply: Done });
/** Starts a second factor; it counts once confirmed: in the session that confirmed it, and from the next sign-in on. */
export const EnrollTotp = command({
  ...ofMine,
  method: 'enroll-totp',
  request: m.EnrollTotpRequest,
  reply: m.TotpEnrollment,
  holdsSecret: true,
});
export const ConfirmTotp = command({
  ...ofMine,
  method: 'confirm-totp',
  request: m.ConfirmTotpRequest,
  reply: m.TotpConfirmation,
  holdsSecret: true,
});

/**
 * Creates the account of somebody who accepts an invitation without one; `state_conflict` when the address has one. The
 * same request again gives the account it made, with another key too.
 */
export const CreateInvitedAccount = command({
  ...forOrgs,
  method: 'create-invited-account',
  request: m.InvitedAccountRequest,
  reply: m.Account,
  remembersItself: true,
});
/** Name and address of a person, for the membership they are about to hold. */
export const DescribePerson = query({
  ...forOrgs,
  method: 'describe-person',
  request: m.PersonRequest,
  reply: m.Person,
});
/** For what was granted to services: one more than it was then, and nothing of it may be used any longer. */
export const CountSignOuts = query({
  ...forOrgs,
  method: 'count-sign-outs',
  request: m.PersonRequest,
  reply: m.SignOuts,
});

/** Persons remain: of an organization, identity keeps no more than what every service keeps. */
export const PurgeIdentity = purgeOrganization('identity');

/**
 * Some session of a person ended early, or counts as one with a second factor from now on: what is cached about them is
 * stale.
 */
export const SessionRevokedEvent = event({
  service: 'identity',
  scope: 'platform',
  method: 'session.revoked',
  request: m.SessionRevoked,
  consumers: ['gateway'],
  delivery: 'broadcast',
});
