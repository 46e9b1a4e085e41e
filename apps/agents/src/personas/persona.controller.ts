import {
  agentsMessages,
  ArchivePersona,
  CreatePersona,
  GetPersona,
  ListPersonas,
  ListPersonaVersions,
  Page,
  RestorePersona,
  UpdatePersona,
} from '@apollo/contracts';
import { Handles } from '@apollo/messaging';
import { type Clock, CLOCK } from '@apollo/tenancy';
import { Controller, Inject } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { PersonaService } from './persona.service.js';

@Controller()
export class PersonaController {
  constructor(
    private readonly personas: PersonaService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Handles(ListPersonas)
  list(@Payload() request: Page): Promise<agentsMessages.PersonaList> {
    return this.personas.list(request);
  }

  @Handles(GetPersona)
  get(@Payload() request: agentsMessages.PersonaRequest): Promise<agentsMessages.Persona> {
    return this.personas.get(request.id);
  }

  @Handles(CreatePersona)
  create(@Payload() request: agentsMessages.CreatePersonaRequest): Promise<agentsMessages.Persona> {
    return this.personas.create(request, this.clock());
  }

  @Handles(UpdatePersona)
  update(@Payload() request: agentsMessages.UpdatePersonaRequest): Promise<agentsMessages.Persona> {
    return this.personas.update(request, this.clock());
  }

  @Handles(ArchivePersona)
  archive(@Payload() request: agentsMessages.VersionedPersonaRequest): Promise<agentsMessages.Persona> {
    return this.personas.setArchived(request, true, this.clock());
  }

  @Handles(RestorePersona)
  restore(@Payload() request: agentsMessages.VersionedPersonaRequest): Promise<agentsMessages.Persona> {
    return this.personas.setArchived(request, false, this.clock());
  }

  @Handles(ListPersonaVersions)
  versions(@Payload() request: agentsMessages.ListPersonaVersionsRequest): Promise<agentsMessages.PersonaVersionList> {
    return this.personas.versions(request);
  }
}
