import { billingStarsMessages, ChangePlan, GetPlan } from '@apollo/contracts';
import { Handles, Prepares } from '@apollo/messaging';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { PlanService, type PreparedChange } from './plan.service.js';

@Controller()
export class PlanController {
  constructor(private readonly plans: PlanService) {}

  @Handles(GetPlan)
  get(): Promise<billingStarsMessages.Plan> {
    return this.plans.get();
  }

  @Prepares(ChangePlan)
  prepare(@Payload() { plan }: billingStarsMessages.ChangePlanRequest): Promise<PreparedChange> {
    return this.plans.prepare(plan);
  }

  @Handles(ChangePlan)
  change(
    @Payload() { plan }: billingStarsMessages.ChangePlanRequest,
    @Ctx() prepared: PreparedChange,
  ): Promise<billingStarsMessages.Plan> {
    return this.plans.change(plan, prepared);
  }
}
