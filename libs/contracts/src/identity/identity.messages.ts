import {
  Email,
  Flag,
  Instant,
  Int,
  NestedList,
  Nullable,
  Optional,
  Secret,
  Text,
  TextList,
  Uuid,
} from '../message/fields.js';

const password = { min: 12, max: 200 };
const token = { min: 20, max: 200 };

/** Where a request came from, as the gateway saw it; for throttling and the session list. */
class Origin {
  @Text({ max: 64 }) address!: string;
  @Optional() @Text({ max: 300 }) user_agent?: string;
}

export class LoginRequest extends Origin {
  @Email() email!: string;
  @Secret({ max: 200 }) password!: string;
  /** Six digits of the authenticator, or a recovery code, in any grouping; needed once a second factor is confirmed. */
  @Optional() @Text({ max: 40 }) totp_code?: string;
}

/** Access token (10 min) and refresh token (30 days, single use). */
export class TokenPair {
  @Secret({ max: 4000 }) access_token!: string;
  @Secret({ max: 200 }) refresh_token!: string;
  @Text({ max: 20 }) token_type!: string;
  /** Seconds until the access token expires. */
  @Int({ min: 1, max: 86400 }) expires_in!: number;
}

export class RefreshRequest extends Origin {
  @Secret(token) refresh_token!: string;
}

export class LogoutRequest {
  @Secret(token) refresh_token!: string;
}

/** A request that has a password hashed, which is counted for where it came from, as the gateway saw it. */
class Hashing {
  @Optional() @Text({ max: 64 }) address?: string;
}

export class ActivateRequest extends Hashing {
  @Secret(token) token!: string;
  @Text({ max: 200 }) name!: string;
  @Secret(password) password!: string;
}

export class Account {
  @Uuid() id!: string;
  @Email() email!: string;
  @Text({ max: 200 }) name!: string;
}

export class ForgotPasswordRequest {
  @Email() email!: string;
  @Text({ max: 64 }) address!: string;
}

export class ResetPasswordRequest extends Hashing {
  @Secret(token) token!: string;
  @Secret(password) password!: string;
}

export class SigningKey {
  @Text({ max: 10 }) kty!: string;
  @Text({ max: 20 }) crv!: string;
  @Text({ max: 100 }) x!: string;
  @Text({ max: 100 }) kid!: string;
  @Text({ max: 10 }) alg!: string;
  @Text({ max: 10 }) use!: string;
}

/** JWKS of the keys that access tokens may be signed with now. */
export class SigningKeys {
  @NestedList(() => SigningKey, { max: 10 }) keys!: SigningKey[];
}

export class SessionRequest {
  @Uuid() id!: string;
}

export class SessionState {
  @Flag() active!: boolean;
  /** A second factor was given at sign-in. */
  @Flag() mfa!: boolean;
  @Flag() operator!: boolean;
  /** How often the person had been signed out everywhere when it began. */
  @Optional() @Int({ min: 0, max: 2_000_000_000 }) sign_outs?: number;
}

/** How often a person was signed out everywhere. */
export class SignOuts {
  @Int({ min: 0, max: 2_000_000_000 }) sign_outs!: number;
}

export class Me {
  @Uuid() id!: string;
  @Email() email!: string;
  @Text({ max: 200 }) name!: string;
  @Flag() mfa_enabled!: boolean;
  @Flag() operator!: boolean;
}

export class Session {
  @Uuid() id!: string;
  @Instant() created_at!: string;
  @Instant() last_used_at!: string;
  @Instant() expires_at!: string;
  @Text({ max: 64 }) address!: string;
  @Nullable() @Text({ max: 300 }) user_agent!: string | null;
}

export class SessionList {
  @NestedList(() => Session, { max: 200 }) items!: Session[];
  @Nullable() @Text({ max: 2000 }) next_cursor!: string | null;
}

export class EnrollTotpRequest extends Hashing {
  @Secret({ max: 200 }) password!: string;
  /** A code of the second factor that is to be replaced, or a recovery code; needed once one is confirmed. */
  @Optional() @Text({ max: 40 }) totp_code?: string;
}

export class TotpEnrollment {
  /** Base32, for typing in. */
  @Text({ max: 100 }) secret!: string;
  /** `otpauth://` address, for a QR code. */
  @Text({ max: 500 }) otpauth_uri!: string;
}

export class ConfirmTotpRequest {
  @Text({ max: 40 }) code!: string;
  /** The session that asks, as the gateway saw it; it counts as one with a second factor from then on. */
  @Optional() @Uuid() session_id?: string;
}

export class TotpConfirmation {
  @Flag() enabled!: boolean;
  /** Each works once in place of a code; shown here only. */
  @TextList({ max: 10, length: 40 }) recovery_codes!: string[];
}

export class AccessGrantRequest {
  @Email() email!: string;
}

export class AccessGrant {
  @Uuid() id!: string;
  @Email() email!: string;
  @Instant() expires_at!: string;
}

export class InvitedAccountRequest {
  @Email() email!: string;
  @Text({ max: 200 }) name!: string;
  @Secret(password) password!: string;
  /** The organization that invited: the work is counted for it. */
  @Optional() @Uuid() invited_by?: string;
}

export class PersonRequest {
  @Uuid() id!: string;
}

export class Person extends Account {
  /** An operator granted access to this address. */
  @Flag() may_create_orgs!: boolean;
}

export class SessionRevoked {
  @Uuid() user_id!: string;
}
