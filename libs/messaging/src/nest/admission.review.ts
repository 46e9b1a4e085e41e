import { DomainError, type AskedContract } from '@apollo/contracts';
import { isUuid, runInTenantContext, type TenantContext } from '@apollo/tenancy';
import type { Envelope } from '../envelope/envelope.codec.js';
import { grantedRole, type Standings, type Wanted } from '../nats/standings.js';

/** Milliseconds for which a look holds: work may wait, and whoever asked for it lose their access meanwhile. */
const HOLDS_MS = 1_000;

/**
 * Looks again at a message for whom it is: when it took long to arrive, and whenever its handling goes on after a wait. The
 * sender has looked when it wrote the message, and where a service acts for somebody, the door when it let it in.
 */
export class AdmissionReview {
  private lookedAt: number;
  private context: TenantContext;

  /**
   * @param envelope as it was let in just now
   * @param standings absent where nobody is asked: in a service that knows by itself, within its transactions
   */
  constructor(
    private readonly contract: AskedContract,
    private readonly envelope: Envelope,
    private readonly standings: Standings | undefined,
  ) {
    this.context = envelope.context;
    const ageMs = envelope.acting ? 0 : Math.max(0, Date.now() - envelope.writtenAt);
    this.lookedAt = performance.now() - (Number.isNaN(ageMs) ? Infinity : ageMs);
  }

  /** Runs `fn` as whoever asks stands now, if anybody waits for it. @throws DomainError as `afterWait` */
  async again<T>(fn: () => Promise<T>): Promise<T> {
    if (Date.now() >= this.envelope.expiresAt) throw new DomainError('deadline_exceeded');
    return runInTenantContext(await this.look(), fn);
  }

  /**
   * The context in which the handling goes on: the same one, unless the person has another role by now.
   *
   * @throws DomainError why it may not be done for them any more; `service_unavailable` when nobody can say
   */
  async look(): Promise<TenantContext> {
    const { actor, scope, role } = this.context;
    const now = performance.now();
    if (!this.standings || scope !== 'org' || !isUuid(actor) || now - this.lookedAt < HOLDS_MS) return this.context;
    const { standings } = this;
    const judged = await runInTenantContext(this.context, () => standings.judge(actor, this.wanted()));
    const granted = grantedRole(judged);
    if (granted !== role) this.context = Object.freeze({ ...this.context, role: granted });
    this.lookedAt = now;
    return this.context;
  }

  private wanted(): Wanted {
    const { permission } = this.contract;
    const { acting, context } = this.envelope;
    const session = { signOuts: context.signOuts, mfa: context.mfa };
    return acting ? { permission, grant: acting } : { permission, session };
  }
}
