import { AsyncResource } from 'node:async_hooks';
import { DomainError, RecordDenial, type RequestContract, typeOf } from '@apollo/contracts';
import type { Bus } from '@apollo/messaging';
import { describe, type Logger } from '@apollo/service-kit/process';
import { currentTenant, newId } from '@apollo/tenancy';

/** Milliseconds a refused caller waits for the refusal to be written down. */
const PATIENCE_MS = 1_000;
/** Refusals of one organization being written down at once; beyond that they are only counted. */
const MAX_PENDING = 20;

/** When the log is told how many refusals were not written down, in milliseconds. */
export interface LossTimes {
  /** Over which they are counted. */
  readonly countFor: number;
  /** Until the next attempt where the log is out of reach. */
  readonly againAfter: number;
}

/** So many refusals that were not written down, and the newest of them. */
interface Loss {
  readonly key: string;
  readonly denial: Readonly<{ action: string; request_type: string }>;
  readonly count: number;
}

/** What is going on with the refusals of one organization. */
interface OrgDenials {
  pending: number;
  /** Being counted. */
  lost: Loss | undefined;
  /** Sent, and not confirmed yet: sent again it is the same, so that it takes effect once. */
  sent: Loss | undefined;
  /** When, and in whose name, the loss is noted next. */
  noting: { readonly timer: NodeJS.Timeout; readonly now: () => Promise<void> } | undefined;
}

/**
 * Puts refusals of the gateway into the organization's audit log. Each organization has a bound of its own, so that a
 * flood loses refusals of the organization it comes from only; how many it lost is an entry of that organization's log.
 */
export class DenialRecorder {
  private readonly orgs = new Map<string, OrgDenials>();

  constructor(
    private readonly bus: Bus,
    private readonly logger: Logger,
    private readonly times: LossTimes = { countFor: 1_000, againAfter: 10_000 },
  ) {}

  /** Records that the member whose context is open was refused. Never fails: what cannot be recorded is counted. */
  async record(contract: RequestContract, error: DomainError): Promise<void> {
    const { requestId, actor, orgId } = currentTenant();
    const org = String(orgId);
    const denials = this.of(org);
    const denial = { action: contract.permission ?? contract.method, request_type: typeOf(contract) };
    const lose = (why: unknown): void => {
      const facts = { request_id: requestId, actor, org_id: org, request_type: denial.request_type, code: error.code };
      this.logger.warn({ ...facts, error: why }, 'denial not recorded');
      denials.lost = { key: denials.lost?.key ?? newId(), denial, count: (denials.lost?.count ?? 0) + 1 };
      this.noteIn(this.times.countFor, org, denials);
    };
    if (denials.pending >= MAX_PENDING) return lose('too many at once');
    denials.pending += 1;
    try {
      await this.bus.request(RecordDenial, denial, { timeoutMs: PATIENCE_MS });
    } catch (failure) {
      lose(describe(failure));
    } finally {
      denials.pending -= 1;
      this.forgetIdle(org, denials);
    }
  }

  /** Notes what was lost and is not noted yet, as far as the log is within reach. */
  async close(): Promise<void> {
    await Promise.all([...this.orgs.values()].map(async ({ noting }) => noting?.now()));
  }

  private of(org: string): OrgDenials {
    const known = this.orgs.get(org);
    if (known) return known;
    const denials = { pending: 0, lost: undefined, sent: undefined, noting: undefined };
    this.orgs.set(org, denials);
    return denials;
  }

  /** Notes in the name of whoever was refused: the context that is open now. */
  private noteIn(milliseconds: number, org: string, denials: OrgDenials): void {
    if (denials.noting) return;
    const now = AsyncResource.bind(() => this.note(org, denials));
    denials.noting = { timer: setTimeout(() => void now(), milliseconds).unref(), now };
  }

  /** Notes a loss; what is lost meanwhile is counted anew. */
  private async note(org: string, denials: OrgDenials): Promise<void> {
    clearTimeout(denials.noting?.timer);
    denials.sent ??= denials.lost;
    if (denials.sent === denials.lost) denials.lost = undefined;
    const reached = denials.sent === undefined || (await this.send(org, denials.sent));
    if (reached) denials.sent = undefined;
    denials.noting = undefined;
    if (!reached) this.noteIn(this.times.againAfter, org, denials);
    else if (denials.lost) this.noteIn(this.times.countFor, org, denials);
    else this.forgetIdle(org, denials);
  }

  /** False where it is worth sending again. */
  private async send(org: string, { key, denial, count }: Loss): Promise<boolean> {
    try {
      const noted = { ...denial, not_recorded: count };
      await this.bus.request(RecordDenial, noted, { timeoutMs: PATIENCE_MS, idempotencyKey: key });
      return true;
    } catch (failure) {
      if (failure instanceof DomainError && failure.kind === 'unavailable') return false;
      this.logger.error({ org_id: org, not_recorded: count, error: describe(failure) }, 'lost denials not noted');
      return true;
    }
  }

  private forgetIdle(org: string, { pending, lost, noting }: OrgDenials): void {
    if (pending === 0 && !lost && !noting) this.orgs.delete(org);
  }
}
