import { agentsMessages, DomainError, PersonaCreatedEvent, TOOL_NAMES } from '@apollo/contracts';
import { Outbox } from '@apollo/messaging';
import { AuditTrail } from '@apollo/service-kit';
import { type Clock, CLOCK, newId } from '@apollo/tenancy';
import { TenantDatabase } from '@apollo/tenancy/postgres';
import { Inject, Injectable } from '@nestjs/common';
import { MOST_PERSONAS, PersonaRepository } from './persona.repository.js';

const NAME = 'Chief of Staff';
const SETTINGS = {
  description: 'Knows the organization, does what it can by itself and hands on the rest',
  instructions:
    'You are the Chief of Staff of this organization. Answer what its members ask, out of its leads, documents and ' +
    'what you remember, and say where you have it from. Say so when you do not know. Do what you are asked with your ' +
    'tools, one step at a time, and tell what you did. Hand on to another persona what is its work.',
  tools: [...TOOL_NAMES],
  model: agentsMessages.DEFAULT_MODEL,
  daily_cap: null,
  archived: false,
  version: 1,
};

/** Opens the persona that every organization has from its beginning. */
@Injectable()
export class ChiefOfStaffCreation {
  constructor(
    private readonly database: TenantDatabase,
    private readonly personas: PersonaRepository,
    private readonly audit: AuditTrail,
    private readonly outbox: Outbox,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Makes the Chief of Staff of the acting organization unless it has one. Safe to call at any time, by many at once.
   * Where a persona of that name is there already, it is called by the next number.
   *
   * @throws DomainError `state_conflict` where all of those names are taken
   */
  async ensure(): Promise<void> {
    await this.database.transaction(async () => {
      for (let number = 1; number <= MOST_PERSONAS + 1; number += 1) {
        if (await this.personas.hasChiefOfStaff()) return;
        const id = newId();
        const name = number === 1 ? NAME : `${NAME} ${number}`;
        if (await this.personas.createChiefOfStaff({ id, name, ...SETTINGS }, this.clock())) {
          await this.audit.done('agents.chief-of-staff-created', id, { version: 1 });
          await this.outbox.emit(PersonaCreatedEvent, id, { version: 1 });
          return;
        }
      }
      throw new DomainError('state_conflict', 'Other personas have every name that it could be given.');
    });
  }
}
