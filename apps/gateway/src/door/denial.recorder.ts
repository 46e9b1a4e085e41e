import { type DomainError, RecordDenial, type RequestContract, typeOf } from '@apollo/contracts';
import type { Bus } from '@apollo/messaging';
import { describe, type Logger } from '@apollo/service-kit/process';
import { currentTenant } from '@apollo/tenancy';

/** Milliseconds a refused caller waits for the refusal to be written down. */
const PATIENCE_MS = 1_000;
/** Refusals being written down at once; beyond that they are only logged. */
const MAX_PENDING = 200;

/** Puts refusals of the gateway into the organization's audit log. */
export class DenialRecorder {
  private pending = 0;

  constructor(
    private readonly bus: Bus,
    private readonly logger: Logger,
  ) {}

  /** Records that the member whose context is open was refused. Never fails: what cannot be recorded is logged. */
  async record(contract: RequestContract, error: DomainError): Promise<void> {
    const { requestId, actor, orgId } = currentTenant();
    const facts = { request_id: requestId, actor, org_id: orgId, request_type: typeOf(contract), code: error.code };
    if (this.pending >= MAX_PENDING) {
      this.logger.warn(facts, 'denial not recorded: too many at once');
      return;
    }
    this.pending += 1;
    try {
      const denial = { action: contract.permission ?? contract.method, request_type: typeOf(contract) };
      await this.bus.request(RecordDenial, denial, { timeoutMs: PATIENCE_MS });
    } catch (failure) {
      this.logger.warn({ ...facts, error: describe(failure) }, 'denial not recorded');
    } finally {
      this.pending -= 1;
    }
  }
}
