import {
  agentsMessages,
  ArchivePersona,
  CreatePersona,
  GetPersona,
  ListModels,
  ListPersonas,
  ListPersonaVersions,
  Page,
  refusedField,
  RestorePersona,
  UpdatePersona,
} from '@apollo/contracts';
import { Handles } from '@apollo/messaging';
import { type Clock, CLOCK } from '@apollo/tenancy';
import { Controller, Inject } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { ModelSource } from '../model/model.source.js';
import { PersonaService } from './persona.service.js';

@Controller()
export class PersonaController {
  constructor(
    private readonly personas: PersonaService,
    private readonly models: ModelSource,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Handles(ListModels)
  listModels(): agentsMessages.ModelList {
    const { models } = this;
    return { items: models.names.map((name) => ({ name, fallback: [...models.others(name)] })) };
  }

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
    this.assertOffered(request.model);
    return this.personas.create(request, this.clock());
  }

  @Handles(UpdatePersona)
  update(@Payload() request: agentsMessages.UpdatePersonaRequest): Promise<agentsMessages.Persona> {
    this.assertOffered(request.model);
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

  /** @throws DomainError `validation_failed` for a model that there is not */
  private assertOffered(model: string | undefined): void {
    if (model !== undefined && !this.models.names.includes(model))
      throw refusedField('model', `names a model that there is not: ${model}`);
  }
}
