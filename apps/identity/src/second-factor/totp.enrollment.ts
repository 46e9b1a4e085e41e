import { DomainError, type identityMessages } from '@apollo/contracts';
import { currentTenant, newId } from '@apollo/tenancy';
import { TenantDatabase } from '@apollo/tenancy/postgres';
import { Inject, Injectable } from '@nestjs/common';
import { generateSecret, generateURI } from 'otplib';
import { asPlatform } from '../doors/person.door.js';
import { type Clock, CLOCK } from '../process/clock.js';
import { SecretBox } from '../secrets/secret.box.js';
import { SecurityEventLog } from '../security-events/security.event.log.js';
import { openFactor, sealFactor } from './factor.seal.js';
import { newRecoveryCodes, recoveryCodeHash } from './recovery.code.js';
import { SecondFactorRepository } from './second.factor.repository.js';
import { acceptedStep } from './totp.rules.js';

const ISSUER = 'Apollo Space';

/** Sets a second factor up. Person, inside a transaction. */
@Injectable()
export class TotpEnrollment {
  constructor(
    private readonly database: TenantDatabase,
    private readonly factors: SecondFactorRepository,
    private readonly box: SecretBox,
    private readonly events: SecurityEventLog,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** A new secret that waits to be confirmed; a confirmed one keeps working until then. */
  async begin(email: string): Promise<identityMessages.TotpEnrollment> {
    const id = newId();
    const secret = generateSecret();
    const { actor } = currentTenant();
    await this.factors.replacePending(id, sealFactor(actor, id, secret, this.box), this.clock());
    await asPlatform(() => this.factors.begin(actor, id));
    await this.events.record('totp_enrolled');
    return { secret, otpauth_uri: generateURI({ issuer: ISSUER, label: email, secret }) };
  }

  /**
   * Takes the pending secret into use. The code that shows that the authenticator knows it is used up with that.
   *
   * @throws DomainError `state_conflict` when nothing waits, `invalid_credentials` for a wrong code
   */
  async confirm(code: string): Promise<identityMessages.TotpConfirmation> {
    return this.database.transaction(async () => {
      const pending = await this.factors.lock('pending');
      const { actor } = currentTenant();
      const secret = pending && openFactor(actor, pending, this.box);
      if (!pending || secret === undefined) throw nothingWaits();
      const step = acceptedStep(secret, code, this.clock(), null);
      if (step === undefined) throw new DomainError('invalid_credentials', 'The code is not right.');
      const codes = newRecoveryCodes();
      const hashes = codes.map((each) => recoveryCodeHash(actor, each, this.box));
      await this.factors.confirm(pending.id);
      if (!(await asPlatform(() => this.factors.require(actor, pending.id, step, hashes)))) throw nothingWaits();
      await this.events.record('totp_confirmed');
      return { enabled: true, recovery_codes: codes };
    });
  }
}

function nothingWaits(): DomainError {
  return new DomainError('state_conflict', 'No second factor waits to be confirmed.');
}
