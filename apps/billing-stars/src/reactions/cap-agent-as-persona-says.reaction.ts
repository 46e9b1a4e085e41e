import { agentsMessages, PersonaCappedEvent } from '@apollo/contracts';
import { ReactsTo, type ReactionContext } from '@apollo/messaging';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { CapService } from '../caps/cap.service.js';

/** What a persona is said to use a day is the cap of the agent that it is. */
@Controller()
export class CapAgentAsPersonaSays {
  constructor(private readonly caps: CapService) {}

  @ReactsTo(PersonaCappedEvent)
  async react(@Payload() { stars }: agentsMessages.PersonaCap, @Ctx() { entityId }: ReactionContext): Promise<void> {
    await this.caps.followPersona(entityId, stars);
  }
}
