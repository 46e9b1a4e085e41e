import { type billingStarsMessages, DomainError } from '@apollo/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { HoldBatcher } from './hold.batcher.js';
import type { HoldAnswer, HoldDecisions } from './hold.commands.js';
import { raisersOf, reservationHash, STANDARD_TTL_SECONDS } from './hold.rules.js';

const NOT_REFUSED = { refused_by: null, reason: null, cap: null, used: null, raised_by: [] };
const NOTHING_HELD = { hold_id: null, from_monthly: 0, from_package: 0, expires_at: null };

/** What services do around a billable action: set Stars aside, then charge the real cost or give them back. */
@Injectable()
export class HoldService {
  constructor(@Inject(HoldBatcher) private readonly holds: HoldDecisions) {}

  /**
   * @throws DomainError `idempotency_mismatch` for a known key with another request, `price_changed` for an estimate of
   *   another version
   */
  async reserve(request: billingStarsMessages.ReserveRequest): Promise<billingStarsMessages.Reservation> {
    const answer = await this.holds.reserve({
      key: request.key,
      hash: reservationHash(request),
      stars: request.stars,
      agent: request.agent_id,
      person: request.person_id ?? null,
      run: request.run_id,
      price: request.price_version,
      ttl: request.ttl_seconds ?? STANDARD_TTL_SECONDS,
    });
    switch (answer.outcome) {
      case 'key_reused':
        throw new DomainError('idempotency_mismatch');
      case 'price_changed':
        throw new DomainError('price_changed', `Version ${answer.price_version} of the price book holds.`);
      case 'refused':
        return {
          outcome: 'refused',
          ...NOTHING_HELD,
          refused_by: answer.layer,
          reason: answer.reason,
          cap: answer.cap,
          used: answer.used,
          raised_by: raisersOf(answer.layer),
        };
      case 'reserved':
        return {
          outcome: 'reserved',
          hold_id: answer.hold_id,
          from_monthly: answer.from_monthly,
          from_package: answer.from_package,
          expires_at: instant(answer.expires_at),
          ...NOT_REFUSED,
        };
    }
  }

  /** @throws DomainError `not_found`; `state_conflict` when it was settled with another amount */
  async settle(id: string, stars: number): Promise<billingStarsMessages.Hold> {
    return holdOf(await this.holds.settle(id, stars));
  }

  /** @throws DomainError `not_found`; `state_conflict` when it was settled */
  async release(id: string): Promise<billingStarsMessages.Hold> {
    return holdOf(await this.holds.release(id));
  }

  /** @throws DomainError `not_found`; `state_conflict` when it has ended */
  async extend(id: string, ttlSeconds: number): Promise<billingStarsMessages.Hold> {
    return holdOf(await this.holds.extend(id, ttlSeconds));
  }
}

function holdOf(answer: HoldAnswer): billingStarsMessages.Hold {
  if (answer.outcome === 'not_found') throw new DomainError('not_found');
  if (answer.outcome === 'ended') throw new DomainError('state_conflict', `The hold is ${answer.state}.`);
  const { outcome: _outcome, hold_id, expires_at, ...rest } = answer;
  return { id: hold_id, ...rest, expires_at: instant(expires_at) };
}

function instant(text: string): string {
  return new Date(text).toISOString();
}
