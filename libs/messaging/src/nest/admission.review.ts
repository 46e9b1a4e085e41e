import { DomainError, type AskedContract } from '@apollo/contracts';
import { type Clock, currentTenant, isUuid, systemClock } from '@apollo/tenancy';
import { assertMayNow } from '../envelope/acting.rights.js';
import { type Envelope, inMessageContext } from '../envelope/envelope.codec.js';
import { assertAwaited } from '../envelope/message.scope.js';
import { grantedRole, type Standings } from '../nats/standings.js';

/** Milliseconds for which a look holds: work may wait, and whoever asked for it lose their access meanwhile. */
const HOLDS_MS = 1_000;

/**
 * Looks again at whoever a message is handled for: where it was long on its way, and whenever its handling goes on
 * after a wait. The gateway has looked when it wrote the message.
 */
export class AdmissionReview {
  private current: Envelope;

  private constructor(
    readonly contract: AskedContract,
    envelope: Envelope,
    private readonly standings: Standings | undefined,
    private lookedAt: number,
  ) {
    this.current = envelope;
  }

  /**
   * The review of a message that has arrived, which is looked at where that took long, or a service acts for somebody.
   *
   * @param standings absent where nobody is asked: in a service that knows by itself, within its transactions
   * @throws DomainError as `look`; `forbidden` where nothing is done for people who do not ask themselves
   */
  static async begin(
    contract: AskedContract,
    envelope: Envelope,
    standings: Standings | undefined,
    clock: Clock = systemClock,
  ): Promise<AdmissionReview> {
    const { acting, writtenAt } = envelope;
    if (acting && !standings)
      throw new DomainError('forbidden', 'Nothing is done here for people who do not ask themselves.');
    const ageMs = acting || Number.isNaN(writtenAt) ? Infinity : Math.max(0, clock().getTime() - writtenAt);
    const review = new AdmissionReview(contract, envelope, standings, performance.now() - ageMs);
    await review.look();
    return review;
  }

  /** The envelope with the role that the person had at the last look; another one only where that role is another. */
  get now(): Envelope {
    return this.current;
  }

  /** Runs `fn` as whoever asks stands now, if anybody waits for it. @throws DomainError as `afterWait` */
  readonly again = async <T>(fn: () => Promise<T>): Promise<T> => {
    assertAwaited();
    await this.look();
    return inMessageContext(this.current, fn);
  };

  /**
   * Looks again, unless the last look still holds.
   *
   * @throws DomainError why it may not be done for them any more; `service_unavailable` when nobody can say
   */
  async look(): Promise<void> {
    const { acting, context } = this.current;
    const { actor, scope, role, signOuts, mfa } = context;
    const now = performance.now();
    if (!this.standings || scope !== 'org' || !isUuid(actor) || now - this.lookedAt < HOLDS_MS) return;
    const { standings } = this;
    const { permission } = this.contract;
    const wanted = acting ? { permission, grant: acting } : { permission, session: { signOuts, mfa } };
    const granted = grantedRole(await inMessageContext(this.current, () => standings.judge(actor, wanted)));
    if (granted !== role) this.current = { ...this.current, context: Object.freeze({ ...context, role: granted }) };
    this.lookedAt = now;
  }
}

/**
 * The permission table again, at the owning service: a gateway that forgot to ask changes nothing.
 *
 * @throws DomainError `forbidden`
 */
export function authorize(contract: AskedContract, { acting }: Envelope): void {
  const { role } = currentTenant();
  if (contract.underGrant && !acting)
    throw new DomainError('forbidden', 'A service does this only for a person who granted it that.');
  if (contract.operatorOnly && role !== 'operator') throw new DomainError('forbidden', 'Only operators may do this.');
  if (contract.permission) assertMayNow(contract.permission);
}
