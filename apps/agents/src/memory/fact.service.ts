import { type agentsMessages, CorrectFact, DeleteFact, DomainError, NoteFact, typeOf } from '@apollo/contracts';
import { assertVersion, AuditTrail, CursorCodec } from '@apollo/service-kit';
import { currentTenant, newId, NIL_ID } from '@apollo/tenancy';
import { Injectable } from '@nestjs/common';
import { FactRepository, MOST_FACTS } from './fact.repository.js';

type Fact = agentsMessages.Fact;

/** What personas remember, and what people do about it. */
@Injectable()
export class FactService {
  constructor(
    private readonly facts: FactRepository,
    private readonly audit: AuditTrail,
    private readonly cursors: CursorCodec,
  ) {}

  /** In the order in which they were first noted. @throws DomainError `not_found` for the persona */
  list(request: agentsMessages.ListFactsRequest): Promise<agentsMessages.FactList> {
    const read = async (after: { id: string } | undefined, limit: number): Promise<Fact[]> => {
      const found = await this.facts.page(request.persona_id, after?.id ?? NIL_ID, limit);
      if (!found) throw new DomainError('not_found');
      return found;
    };
    return this.cursors.page('facts', request, read, ({ id }) => ({ id }));
  }

  /** @throws DomainError `not_found` */
  async get({ persona_id, id }: agentsMessages.FactRequest): Promise<Fact> {
    return existing(await this.facts.find({ persona_id, id }));
  }

  /** @throws DomainError `not_found` for the persona, `state_conflict` when it remembers as much as it may */
  async note({ persona_id, text }: agentsMessages.NoteFactRequest, now: Date): Promise<Fact> {
    const source = currentTenant().delegation ? 'run' : 'person';
    const fact = existing(await this.facts.note({ persona_id, id: newId() }, { text, source }, now));
    if (fact === 'full') throw new DomainError('state_conflict', `A persona remembers at most ${MOST_FACTS} facts.`);
    await this.audit.done(typeOf(NoteFact), fact.id, { persona_id });
    return fact;
  }

  /** @throws DomainError `not_found`, `etag_mismatch` */
  async correct({ persona_id, id, text, if_match }: agentsMessages.CorrectFactRequest, now: Date): Promise<Fact> {
    const fact = existing(await this.facts.findForUpdate({ persona_id, id }));
    assertVersion(fact.version, if_match);
    if (text === fact.text) return fact;
    const corrected = await this.facts.correct({ persona_id, id }, text, fact.version + 1, now);
    await this.audit.done(typeOf(CorrectFact), id, { persona_id, version: corrected.version });
    return corrected;
  }

  /** @throws DomainError `not_found`, `etag_mismatch` */
  async remove({ persona_id, id, if_match }: agentsMessages.VersionedFactRequest): Promise<void> {
    if (!(await this.facts.remove({ persona_id, id }, if_match))) {
      existing(await this.facts.find({ persona_id, id }));
      throw new DomainError('etag_mismatch');
    }
    await this.audit.done(typeOf(DeleteFact), id, { persona_id });
  }
}

function existing<Found>(found: Found | undefined): Found {
  if (found === undefined) throw new DomainError('not_found');
  return found;
}
