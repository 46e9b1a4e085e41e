import { DomainError, type identityMessages } from '@apollo/contracts';
import { type Clock, CLOCK, currentTenant, later, newId } from '@apollo/tenancy';
import { Inject, Injectable } from '@nestjs/common';
import { generateSecret, generateURI } from 'otplib';
import { asPlatform } from '../context/person.context.js';
import { SecretBox } from '../secrets/secret.box.js';
import { SecurityEventLog } from '../security-events/security.event.log.js';
import { SessionGate } from '../sessions/session.gate.js';
import { openFactor, type SealedFactor, sealFactor } from './factor.seal.js';
import { newRecoveryCodes, recoveryCodeHash } from './recovery.code.js';
import { SecondFactorRepository } from './second.factor.repository.js';
import { acceptedStep } from './totp.rules.js';

const ISSUER = 'Apollo Space';
/** How long a secret waits for the code that shows that an authenticator knows it. */
const WAITS_MS = 15 * 60_000;
/** Codes that are tried of a secret; then it is dropped, for three of a million are right at any time. */
const MOST_TRIES = 5;

/** Sets a second factor up. Person, inside a transaction. */
@Injectable()
export class TotpEnrollment {
  constructor(
    private readonly session: SessionGate,
    private readonly factors: SecondFactorRepository,
    private readonly box: SecretBox,
    private readonly events: SecurityEventLog,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** A new secret that waits to be confirmed; a confirmed one keeps working until then. */
  async begin(email: string): Promise<identityMessages.TotpEnrollment> {
    const id = newId();
    const secret = generateSecret();
    const { actor, session } = currentTenant();
    await this.factors.replacePending(id, sealFactor(actor, id, secret, this.box), this.clock());
    await asPlatform(() => this.factors.begin(actor, id, later(this.clock(), WAITS_MS), session));
    await this.events.record('totp_enrolled');
    return { secret, otpauth_uri: generateURI({ issuer: ISSUER, label: email, secret }) };
  }

  /**
   * Outside of transactions: a wrong code counts, whatever becomes of the request.
   *
   * @param attempt an id that copies of the request have in common
   * @throws DomainError `state_conflict` when nothing waits, or not any more; `invalid_credentials` for a wrong code;
   *   `unauthenticated` where the session has ended
   */
  async check(code: string, attempt: string): Promise<void> {
    const tries = await this.session.during(() => this.triesOfWrong(code, attempt));
    if (tries === undefined) return;
    const last = tries < MOST_TRIES ? '' : ` It was the last of ${MOST_TRIES} that may be tried: set one up again.`;
    throw new DomainError('invalid_credentials', `The code is not right.${last}`);
  }

  /** How many codes were tried of what waits, with this one; undefined when it is right. */
  private async triesOfWrong(code: string, attempt: string): Promise<number | undefined> {
    const { actor } = currentTenant();
    const { secret } = await this.waiting();
    const tries = await asPlatform(() => this.factors.tryPending(actor, attempt, this.clock(), MOST_TRIES));
    if (tries === undefined) throw nothingWaits();
    if (acceptedStep(secret, code, this.clock(), null) !== undefined) return undefined;
    await this.events.record('totp_confirmation_failed', { id: attempt });
    return tries;
  }

  /** What waits, locked. @throws DomainError `state_conflict` */
  private async waiting(): Promise<{ pending: SealedFactor; secret: string }> {
    const pending = await this.factors.lock('pending');
    const secret = pending && openFactor(currentTenant().actor, pending, this.box);
    if (!pending || secret === undefined) throw nothingWaits();
    return { pending, secret };
  }

  /**
   * Takes the pending secret into use. The code that shows that the authenticator knows it is used up with that.
   *
   * @returns also whether it takes the place of another one
   * @throws DomainError `state_conflict` when nothing waits, `invalid_credentials` for a wrong code
   */
  async confirm(code: string): Promise<identityMessages.TotpConfirmation & { readonly replaces: boolean }> {
    const { pending, secret } = await this.waiting();
    const { actor } = currentTenant();
    const step = acceptedStep(secret, code, this.clock(), null);
    if (step === undefined) throw new DomainError('invalid_credentials', 'The code is not right.');
    const replaces = await this.factors.isConfirmed();
    const codes = newRecoveryCodes();
    const hashes = codes.map((each) => recoveryCodeHash(actor, each, this.box));
    await this.factors.confirm(pending.id);
    if (!(await asPlatform(() => this.factors.require(actor, pending.id, step, hashes)))) throw nothingWaits();
    await this.events.record('totp_confirmed');
    return { enabled: true, recovery_codes: codes, replaces };
  }
}

function nothingWaits(): DomainError {
  return new DomainError(
    'state_conflict',
    `No second factor waits to be confirmed: set one up again. It waits for ${WAITS_MS / 60_000} minutes and ${MOST_TRIES} codes.`,
  );
}
