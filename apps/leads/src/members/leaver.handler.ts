import {
  ClaimLostError,
  type ClaimedJob,
  type JobEnd,
  type JobHandler,
  Jobs,
  LeftOffError,
  type WorkTurn,
} from '@apollo/work';
import { Injectable } from '@nestjs/common';
import { LEAVERS_JOB, MemberService } from './member.service.js';

/** Seconds until those are looked at again who were held by somebody when the job ended. */
const AGAIN = 1;

/** Takes their leads from those who left an organization with many: a few in each transaction, for as long as it takes. */
@Injectable()
export class LeaverHandler implements JobHandler {
  readonly kind = LEAVERS_JOB;
  readonly isOwn = true;
  readonly attempts = 100;
  readonly exhausted = {
    state: 'dead',
    code: 'internal_error',
    detail: 'Leads of somebody who left could not be released.',
  } as const;

  constructor(
    private readonly members: MemberService,
    private readonly jobs: Jobs,
  ) {}

  async work(job: ClaimedJob, turn: WorkTurn): Promise<void> {
    for (;;) {
      if (turn.isStopped) throw new LeftOffError();
      const step = await this.members.releaseMore(job);
      if (step === 'claim lost') throw new ClaimLostError();
      if (step === 'nobody') return;
      if (turn.isOver) throw new LeftOffError();
    }
  }

  /** Whoever left since the last step found an open job, which began nothing. */
  async ended(id: string, { state }: JobEnd): Promise<void> {
    if (state === 'done' && (await this.members.isAnybodyLeaving()))
      await this.jobs.start({ id, kind: this.kind, seconds: AGAIN });
  }
}
