import { type Clock, CLOCK, currentTenant, newId } from '@apollo/tenancy';
import { statement, TenantDatabase } from '@apollo/tenancy/postgres';
import { Inject, Injectable } from '@nestjs/common';

/** Everything worth knowing after somebody got into an account who should not have. */
export type SecurityEventKind =
  | 'account_created'
  | 'signed_in'
  | 'sign_in_failed'
  | 'signed_out'
  | 'session_revoked'
  | 'all_sessions_revoked'
  | 'refresh_token_reused'
  | 'password_reset_requested'
  | 'password_changed'
  | 'second_factor_replaced'
  | 'totp_enrolled'
  | 'totp_confirmed'
  | 'totp_confirmation_failed'
  | 'recovery_code_used';

interface Params {
  id: string;
  at: Date;
  kind: string;
  session: string | null;
  address: string | null;
  request: string;
}

// For a person who is not there nothing is written, nor what is written already, and it takes the same round trip.
const append = statement<object, Params>(
  'security events append',
  `insert into identity.security_events (user_id, id, at, kind, session_id, address, request_id)
   select :actor::uuid, :id, :at, :kind, :session::uuid, :address::text, :request from identity.people where user_id = :actor and id = :actor
   on conflict (user_id, id) do nothing`,
);

/** Writes the acting person's security events. */
@Injectable()
export class SecurityEventLog {
  constructor(
    private readonly database: TenantDatabase,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Records with the transaction it is called in, or at once outside of one.
   *
   * @param about with an id, it is recorded once
   */
  async record(
    kind: SecurityEventKind,
    about: { id?: string; sessionId?: string | undefined; address?: string | undefined } = {},
  ): Promise<void> {
    await this.database.transaction(async (transaction) => {
      transaction.defer(append, {
        id: about.id ?? newId(),
        at: this.clock(),
        kind,
        session: about.sessionId ?? null,
        address: about.address ?? null,
        request: currentTenant().requestId.slice(0, 64),
      });
    });
  }
}
