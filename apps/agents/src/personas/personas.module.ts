import { Module } from '@nestjs/common';
import { ChiefOfStaffCreation } from './chief.of.staff.creation.js';
import { PersonaController } from './persona.controller.js';
import { PersonaRepository } from './persona.repository.js';
import { PersonaService } from './persona.service.js';

/** Personas, their versions, and the one that every organization has. */
@Module({
  controllers: [PersonaController],
  providers: [PersonaRepository, PersonaService, ChiefOfStaffCreation],
  exports: [ChiefOfStaffCreation],
})
export class PersonasModule {}
