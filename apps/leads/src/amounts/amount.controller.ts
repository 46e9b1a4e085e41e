import { Done, type Empty, HaveAmounts, HoldAmounts, leadsMessages, ReleaseAmounts } from '@apollo/contracts';
import { Handles, Prepares } from '@apollo/messaging';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { DefaultPipeline } from '../pipelines/default.pipeline.js';
import { AmountRepository } from './amount.repository.js';

/** What orgs asks before an organization's currency changes, and after. */
@Controller()
export class AmountController {
  constructor(
    private readonly amounts: AmountRepository,
    private readonly defaultPipeline: DefaultPipeline,
  ) {}

  /** What a version of orgs asks that knows no holds. */
  @Handles(HaveAmounts)
  async have(): Promise<leadsMessages.AmountsKept> {
    return { amounts: await this.amounts.kept() };
  }

  /** Outside of the transaction that confirms it: whoever writes an amount meanwhile is to see it. */
  @Prepares(HoldAmounts)
  async prepareHold(): Promise<string> {
    // A first lead is made with its pipeline, which nobody else could lock.
    await this.defaultPipeline.ensure();
    return this.amounts.hold();
  }

  @Handles(HoldAmounts)
  async hold(@Payload() _: Empty, @Ctx() hold: string): Promise<leadsMessages.AmountsHeld> {
    return { hold: (await this.amounts.confirm(hold)) ? hold : null };
  }

  @Handles(ReleaseAmounts)
  async release(@Payload() { hold, currency }: leadsMessages.ReleaseAmountsRequest): Promise<Done> {
    await this.amounts.release(hold, currency);
    return { done: true };
  }
}
