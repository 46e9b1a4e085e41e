import { Done, HaveAmounts, HoldAmounts, leadsMessages, ReleaseAmounts } from '@apollo/contracts';
import { Handles } from '@apollo/messaging';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
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

  @Handles(HoldAmounts)
  async hold(): Promise<leadsMessages.AmountsHeld> {
    // A first lead holds a stage as any other does, and stages are what is locked.
    await this.defaultPipeline.ensure();
    return { hold: await this.amounts.hold() };
  }

  @Handles(ReleaseAmounts)
  async release(@Payload() { hold, currency }: leadsMessages.ReleaseAmountsRequest): Promise<Done> {
    await this.amounts.release(hold, currency);
    return { done: true };
  }
}
