import { DomainError, type ServiceName } from '@apollo/contracts';
import { type Grant, type GrantReader, isGranted, type Standings } from '@apollo/messaging';
import { type Clock, currentTenant, systemClock } from '@apollo/tenancy';
import type { AskedWork, PermitAnswer, WorkPermit } from './job.handler.js';

const INVALID = {
  code: 'forbidden',
  detail: 'What whoever started it granted for it is of no use any more. Somebody has to continue it.',
  reach: 'run',
} as const;

/**
 * Whether work may still be done: as whoever asked for it stands in the organization now, and within what they granted
 * when they did. A job of the release before has no grant; it may what its kind needs, for as long as its person may.
 */
export class DelegationPermit implements WorkPermit {
  /** @param service which does the work */
  constructor(
    private readonly service: ServiceName,
    private readonly standings: Standings,
    private readonly grants: GrantReader,
    private readonly clock: Clock = systemClock,
  ) {}

  async ask(work: AskedWork): Promise<PermitAnswer> {
    const grant = work.delegation === null ? undefined : this.grantOf(work.id, work.delegation);
    if (grant === null) return INVALID;
    if (grant === 'unknown') return grant;
    const judged = await this.standings.judge(currentTenant().actor, { permission: work.permission, grant });
    return isGranted(judged) ? 'granted' : judged;
  }

  /**
   * The grant of a job; null for one that is not valid, or is not for this job, for whoever it is done for; `unknown`
   * for one that a clock says nothing of yet.
   */
  private grantOf(job: string, text: string): Grant | 'unknown' | null {
    const { orgId, actor } = currentTenant();
    try {
      const grant = this.grants.read(text, this.clock().getTime());
      const { service, run, person } = grant;
      return service === this.service && grant.orgId === orgId && person === actor && run === job ? grant : null;
    } catch (error) {
      if (error instanceof DomainError) return error.code === 'service_unavailable' ? 'unknown' : null;
      throw error;
    }
  }
}
