import { billingStarsMessages, ListCaps, Page, RaiseCap, SetCap, SimulateCaps } from '@apollo/contracts';
import { Handles } from '@apollo/messaging';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { CapService } from './cap.service.js';
import { SimulationService } from './simulation.service.js';

@Controller()
export class CapController {
  constructor(
    private readonly caps: CapService,
    private readonly simulations: SimulationService,
  ) {}

  @Handles(ListCaps)
  list(@Payload() request: Page): Promise<billingStarsMessages.CapList> {
    return this.caps.list(request);
  }

  @Handles(SetCap)
  set(@Payload() request: billingStarsMessages.SetCapRequest): Promise<billingStarsMessages.Cap> {
    return this.caps.set(request);
  }

  @Handles(RaiseCap)
  raise(@Payload() request: billingStarsMessages.RaiseCapRequest): Promise<billingStarsMessages.Cap> {
    return this.caps.raise(request);
  }

  @Handles(SimulateCaps)
  simulate(@Payload() request: billingStarsMessages.SimulationRequest): Promise<billingStarsMessages.Simulation> {
    return this.simulations.run(request);
  }
}
