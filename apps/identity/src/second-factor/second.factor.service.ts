import { DomainError } from '@apollo/contracts';
import { currentTenant } from '@apollo/tenancy';
import { Inject, Injectable } from '@nestjs/common';
import { type Clock, CLOCK } from '../process/clock.js';
import { SecretBox } from '../secrets/secret.box.js';
import { SecurityEventLog } from '../security-events/security.event.log.js';
import { recoveryCodeHash } from './recovery.code.js';
import { SecondFactorRepository } from './second.factor.repository.js';
import { acceptedStep, isTotpCode } from './totp.rules.js';

/** What a code is worth: `absent` where no second factor is set up, `needed` where one is and no code was given. */
type FactorVerdict = 'absent' | 'needed' | 'right' | 'wrong';

/** Where a person's TOTP secret is sealed for. */
export function factorPlace(factorId: string): string {
  return `totp:${factorId}`;
}

/** Checks second factors. */
@Injectable()
export class SecondFactorService {
  constructor(
    private readonly factors: SecondFactorRepository,
    private readonly box: SecretBox,
    private readonly events: SecurityEventLog,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Person. Whether a code is asked for. */
  isSetUp(): Promise<boolean> {
    return this.factors.isConfirmed();
  }

  /**
   * Person, inside a transaction. Uses a right code up: neither a code nor a recovery code works twice.
   *
   * @param wrong told of a wrong code
   * @returns whether there is a second factor, which was given
   * @throws DomainError `mfa_required`, `invalid_credentials`
   */
  async require(code: string | undefined, wrong: () => void = () => undefined): Promise<boolean> {
    const verdict = await this.use(code);
    if (verdict === 'needed') throw new DomainError('mfa_required');
    if (verdict !== 'wrong') return verdict === 'right';
    wrong();
    throw new DomainError('invalid_credentials');
  }

  private async use(code: string | undefined): Promise<FactorVerdict> {
    if (!(await this.factors.isConfirmed())) return 'absent';
    if (code === undefined) return 'needed';
    if (!isTotpCode(code)) return this.useRecoveryCode(code);
    const factor = await this.factors.lock('confirmed');
    // Somebody took it away by other means than ours: that opens nothing.
    if (!factor) return 'wrong';
    const usedUpTo = factor.last_step === null ? null : Number(factor.last_step);
    const step = acceptedStep(
      this.box.open(factor.sealed_secret, factorPlace(factor.id)),
      code,
      this.clock(),
      usedUpTo,
    );
    if (step === undefined) return 'wrong';
    await this.factors.useStep(factor.id, step);
    return 'right';
  }

  private async useRecoveryCode(code: string): Promise<FactorVerdict> {
    if (!(await this.factors.useCode(recoveryCodeHash(currentTenant().actor, code, this.box)))) return 'wrong';
    await this.events.record('recovery_code_used');
    return 'right';
  }
}
