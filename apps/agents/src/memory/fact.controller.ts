import { agentsMessages, CorrectFact, DeleteFact, type Done, GetFact, ListFacts, NoteFact } from '@apollo/contracts';
import { Handles } from '@apollo/messaging';
import { type Clock, CLOCK } from '@apollo/tenancy';
import { Controller, Inject } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { FactService } from './fact.service.js';

@Controller()
export class FactController {
  constructor(
    private readonly facts: FactService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Handles(ListFacts)
  list(@Payload() request: agentsMessages.ListFactsRequest): Promise<agentsMessages.FactList> {
    return this.facts.list(request);
  }

  @Handles(GetFact)
  get(@Payload() request: agentsMessages.FactRequest): Promise<agentsMessages.Fact> {
    return this.facts.get(request);
  }

  @Handles(NoteFact)
  note(@Payload() request: agentsMessages.NoteFactRequest): Promise<agentsMessages.Fact> {
    return this.facts.note(request, this.clock());
  }

  @Handles(CorrectFact)
  correct(@Payload() request: agentsMessages.CorrectFactRequest): Promise<agentsMessages.Fact> {
    return this.facts.correct(request, this.clock());
  }

  @Handles(DeleteFact)
  async remove(@Payload() request: agentsMessages.VersionedFactRequest): Promise<Done> {
    await this.facts.remove(request);
    return { done: true };
  }
}
