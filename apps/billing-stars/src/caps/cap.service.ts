import { type billingStarsMessages, DomainError, type Page } from '@apollo/contracts';
import { AuditTrail, CursorCodec } from '@apollo/service-kit';
import { Injectable } from '@nestjs/common';
import { WalletService } from '../wallets/wallet.service.js';
import { type CapAnswer, type CapPosition, CapRepository, type CapRow, type CapSubject } from './cap.repository.js';
import { capProblem } from './cap.rules.js';
import type { CapLayer } from './cap.tables.js';

/** The caps of the acting organization: what an Owner or Admin lets be spent. */
@Injectable()
export class CapService {
  constructor(
    private readonly caps: CapRepository,
    private readonly wallets: WalletService,
    private readonly audit: AuditTrail,
    private readonly cursors: CursorCodec,
  ) {}

  async list(request: Page): Promise<billingStarsMessages.CapList> {
    const page = await this.cursors.page(
      'caps',
      request,
      (after: CapPosition | undefined, limit) => this.caps.page(after ?? null, limit),
      ({ layer, subject }) => ({ layer, subject }),
    );
    return { ...page, items: page.items.map(capOf) };
  }

  /**
   * @throws DomainError `validation_failed`, `etag_mismatch`, `state_conflict` where there is no cap to take away,
   *   `not_found` while no wallet is open
   */
  async set({ stars, if_match, ...request }: billingStarsMessages.SetCapRequest): Promise<billingStarsMessages.Cap> {
    const subject = subjectOf(request);
    if (stars === undefined) {
      const problem = 'stars must be said: a whole number, or null to take the cap away';
      throw new DomainError('validation_failed', 'Nothing is to be changed.', [{ field: 'stars', problem }]);
    }
    // What is capped by nothing needs no entry that says so.
    if (stars === null && !(await this.caps.held(subject)))
      throw new DomainError('state_conflict', 'There is no cap to take away.');
    const id = idOf(await this.caps.set(subject, stars, if_match ?? null));
    await this.audit.done('cap.set', id, {
      layer: subject.layer,
      agent_id: subject.agent,
      person_id: subject.person,
      stars,
    });
    return capOf(await this.caps.find(id));
  }

  /**
   * Caps the agent that a persona is, for a day. Another cap that is set here afterwards holds until the persona says
   * one again. The persona may be heard of before its organization's beginning is.
   */
  async followPersona(agent: string, stars: number): Promise<void> {
    await this.wallets.ensure();
    await this.set({ layer: 'agent_day', agent_id: agent, stars });
  }

  /**
   * @throws DomainError `validation_failed`, `state_conflict` where there is no cap to raise or it is as high already,
   *   `not_found` while no wallet is open
   */
  async raise(request: billingStarsMessages.RaiseCapRequest): Promise<billingStarsMessages.Cap> {
    const subject = subjectOf(request);
    const now = await this.caps.held(subject);
    const cap = now ? numberOf(now.stars) : null;
    if (cap !== null && request.stars <= cap)
      throw new DomainError('state_conflict', `The cap is ${cap} Stars: a raise is to more than that.`);
    const id = idOf(await this.caps.raise(subject, request.stars, new Date(request.until)));
    await this.audit.done('cap.raised', id, {
      layer: subject.layer,
      agent_id: subject.agent,
      person_id: subject.person,
      stars: request.stars,
      until: request.until,
    });
    return capOf(await this.caps.find(id));
  }
}

function subjectOf(request: billingStarsMessages.CapRequest): CapSubject {
  const subject = {
    layer: request.layer as CapLayer,
    agent: request.agent_id ?? null,
    person: request.person_id ?? null,
  };
  const problem = capProblem(subject.layer, subject.agent, subject.person);
  if (problem) throw new DomainError('validation_failed', problem);
  return subject;
}

function idOf(answer: CapAnswer): string {
  switch (answer.outcome) {
    case 'set':
      return answer.id;
    case 'changed':
      throw new DomainError('etag_mismatch');
    case 'over':
      throw new DomainError('validation_failed', 'The raise would end before it begins.');
    case 'no_cap':
      throw new DomainError('state_conflict', 'There is no cap to raise.');
    case 'no_wallet':
      throw new DomainError('not_found', 'The organization has no wallet yet.');
  }
}

function capOf(row: CapRow): billingStarsMessages.Cap {
  const { subject: _subject, stars, raise_to, raise_until, used, ...rest } = row;
  return {
    ...rest,
    stars: numberOf(stars),
    raise_to: numberOf(raise_to),
    raise_until: raise_until?.toISOString() ?? null,
    used: Number(used),
  };
}

function numberOf(value: string | null): number | null {
  return value === null ? null : Number(value);
}
