import { DomainError } from '@apollo/contracts';
import { type Clock, CLOCK, currentTenant } from '@apollo/tenancy';
import { Inject, Injectable } from '@nestjs/common';
import { asPlatform } from '../context/person.context.js';
import { SecretBox } from '../secrets/secret.box.js';
import { SecurityEventLog } from '../security-events/security.event.log.js';
import { SessionDirectory } from '../sessions/session.directory.js';
import { openFactor, openFactorOfBefore, sealFactor } from './factor.seal.js';
import { recoveryCodeHash } from './recovery.code.js';
import { SecondFactorRepository } from './second.factor.repository.js';
import { acceptedStep, isTotpCode } from './totp.rules.js';

/** What a code is worth: `absent` where no second factor is set up, `needed` where one is and no code was given. */
type FactorVerdict = 'absent' | 'needed' | 'right' | 'wrong';

/** Checks second factors. */
@Injectable()
export class SecondFactorService {
  constructor(
    private readonly factors: SecondFactorRepository,
    private readonly sessions: SessionDirectory,
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
    const confirmed = await this.factors.confirmed();
    if (confirmed === undefined) return 'absent';
    if (code === undefined) return 'needed';
    if (!isTotpCode(code)) return this.useRecoveryCode(code);
    // Before the factor, as whoever replaces it does.
    await this.sessions.hold();
    const factor = await this.factors.lock('confirmed');
    // Somebody took it away by other means than ours: that opens nothing.
    if (!factor) return 'wrong';
    const { actor } = currentTenant();
    const secret = openFactor(actor, factor, this.box);
    const known = secret ?? openFactorOfBefore(factor, this.box);
    if (known === undefined) return 'wrong';
    const step = acceptedStep(known, code, this.clock(), confirmed.usedUpTo);
    // Nor does another that somebody put in its place: the directory knows which one it is.
    if (step === undefined || !(await asPlatform(() => this.factors.useStep(actor, factor.id, step)))) return 'wrong';
    if (secret === undefined) await this.factors.reseal(factor.id, sealFactor(actor, factor.id, known, this.box));
    return 'right';
  }

  private async useRecoveryCode(code: string): Promise<FactorVerdict> {
    const { actor } = currentTenant();
    const hash = recoveryCodeHash(actor, code, this.box);
    if (!(await asPlatform(() => this.factors.useCode(actor, hash)))) return 'wrong';
    await this.events.record('recovery_code_used');
    return 'right';
  }
}
