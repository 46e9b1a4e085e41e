import { billingStarsMessages, Extend, Release, Reserve, Settle } from '@apollo/contracts';
import { Handles } from '@apollo/messaging';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { HoldService } from './hold.service.js';

@Controller()
export class HoldController {
  constructor(private readonly holds: HoldService) {}

  @Handles(Reserve)
  reserve(@Payload() request: billingStarsMessages.ReserveRequest): Promise<billingStarsMessages.Reservation> {
    return this.holds.reserve(request);
  }

  @Handles(Settle)
  settle(@Payload() request: billingStarsMessages.SettleRequest): Promise<billingStarsMessages.Hold> {
    return this.holds.settle(request.hold_id, request.stars);
  }

  @Handles(Release)
  release(@Payload() request: billingStarsMessages.HoldRequest): Promise<billingStarsMessages.Hold> {
    return this.holds.release(request.hold_id);
  }

  @Handles(Extend)
  extend(@Payload() request: billingStarsMessages.ExtendRequest): Promise<billingStarsMessages.Hold> {
    return this.holds.extend(request.hold_id, request.ttl_seconds);
  }
}
