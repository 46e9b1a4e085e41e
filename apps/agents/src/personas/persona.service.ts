import {
  type agentsMessages,
  ArchivePersona,
  CreatePersona,
  DomainError,
  type Page,
  PersonaCappedEvent,
  PersonaChangedEvent,
  PersonaCreatedEvent,
  type RequestContract,
  RestorePersona,
  typeOf,
  UpdatePersona,
} from '@apollo/contracts';
import { Outbox } from '@apollo/messaging';
import { assertVersion, AuditTrail, CursorCodec } from '@apollo/service-kit';
import { newId, NIL_ID } from '@apollo/tenancy';
import { TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';
import { isNameTaken, MOST_PERSONAS, PersonaRepository } from './persona.repository.js';
import { changed, differences, newSettings } from './persona.rules.js';

type Persona = agentsMessages.Persona;

/** Versions of one page at most: each has its instructions. */
const VERSIONS_A_PAGE = 20;

/**
 * The personas of the acting organization. Every change is a version of its own, which nothing changes afterwards, and
 * an entry of the audit log.
 */
@Injectable()
export class PersonaService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly personas: PersonaRepository,
    private readonly audit: AuditTrail,
    private readonly cursors: CursorCodec,
    private readonly outbox: Outbox,
  ) {}

  /** Oldest first. */
  list(request: Page): Promise<agentsMessages.PersonaList> {
    return this.cursors.page(
      'personas',
      request,
      (after: { id: string } | undefined, limit) => this.personas.page(after?.id ?? NIL_ID, limit),
      ({ id }) => ({ id }),
    );
  }

  async get(id: string): Promise<Persona> {
    return existing(await this.personas.find(id));
  }

  /** Newest first. @throws DomainError `not_found` */
  versions(request: agentsMessages.ListPersonaVersionsRequest): Promise<agentsMessages.PersonaVersionList> {
    const limit = Math.min(request.limit ?? VERSIONS_A_PAGE, VERSIONS_A_PAGE);
    const read = async (before: { version: number } | undefined, most: number) => {
      const found = await this.personas.versions(request.id, before?.version ?? Number.MAX_SAFE_INTEGER, most);
      if (!found) throw new DomainError('not_found');
      return found;
    };
    return this.cursors.page('persona-versions', { ...request, limit }, read, ({ version }) => ({ version }));
  }

  /** @throws DomainError `name_taken`, `validation_failed`, `state_conflict` when there are too many */
  async create(request: agentsMessages.CreatePersonaRequest, now: Date): Promise<Persona> {
    const id = newId();
    const settings = newSettings(request);
    if (!(await nameIsFree(this.personas.create({ id, ...settings }, now))))
      throw new DomainError('state_conflict', `An organization has at most ${MOST_PERSONAS} personas.`);
    await this.audit.done(typeOf(CreatePersona), id, { version: 1 });
    await this.outbox.emit(PersonaCreatedEvent, id, { version: 1 });
    await this.tellCap(id, settings.daily_cap);
    return this.get(id);
  }

  /** @throws DomainError `not_found`, `etag_mismatch`, `name_taken`, `validation_failed` */
  async update({ id, if_match, ...changes }: agentsMessages.UpdatePersonaRequest, now: Date): Promise<Persona> {
    const persona = existing(await this.personas.findForUpdate(id));
    assertVersion(persona.version, if_match);
    return this.save(UpdatePersona, persona, changed(persona, changes), now);
  }

  /**
   * Puts a persona out of use, or into it again.
   *
   * @throws DomainError `not_found`, `etag_mismatch`, `name_taken`, `state_conflict` for the Chief of Staff
   */
  async setArchived(
    { id, if_match }: agentsMessages.VersionedPersonaRequest,
    archived: boolean,
    now: Date,
  ): Promise<Persona> {
    const persona = existing(await this.personas.findForUpdate(id));
    assertVersion(persona.version, if_match);
    if (archived && persona.is_chief_of_staff)
      throw new DomainError('state_conflict', 'The Chief of Staff cannot be archived.');
    const after = archived === persona.archived ? persona : { ...persona, archived, version: persona.version + 1 };
    return this.save(archived ? ArchivePersona : RestorePersona, persona, after, now);
  }

  private async save(contract: RequestContract, before: Persona, after: Persona, now: Date): Promise<Persona> {
    if (after === before) return before;
    const fields = differences(before, after);
    await this.database.transaction(async () => {
      await nameIsFree(this.personas.save(after, now));
      await this.audit.done(typeOf(contract), after.id, { version: after.version, fields });
      await this.outbox.emit(PersonaChangedEvent, after.id, { version: after.version });
      if (fields.includes('daily_cap')) await this.tellCap(after.id, after.daily_cap);
    });
    return after;
  }

  /** What it may use is decided where Stars are kept; nothing said, it is what the organization allows any agent. */
  private async tellCap(id: string, stars: number | null): Promise<void> {
    if (stars !== null) await this.outbox.emit(PersonaCappedEvent, id, { stars });
  }
}

function existing(persona: Persona | undefined): Persona {
  if (!persona) throw new DomainError('not_found');
  return persona;
}

async function nameIsFree<T>(write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (error) {
    throw isNameTaken(error) ? new DomainError('name_taken') : error;
  }
}
