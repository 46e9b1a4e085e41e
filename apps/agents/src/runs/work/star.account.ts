import { DomainError, GetPriceList, Reserve, Settle } from '@apollo/contracts';
import { Bus } from '@apollo/messaging';
import { actingBy, currentTenant } from '@apollo/tenancy';
import { Injectable } from '@nestjs/common';
import { PATIENCE_MS, RUN_BOUNDS, STEP_ACTION, TOKENS_A_UNIT } from '../run.limits.js';
import type { Refused, Reserved } from '../run.log.js';

/** Seconds for which Stars are held: an answer takes less, and what nobody settles is free again soon. */
const HELD_SECONDS = 300;

/** Whose step it is. */
export interface PaidStep {
  readonly run: string;
  readonly persona: string;
  readonly step: number;
  /** Of what the model is asked. */
  readonly tokens: number;
}

/** What calls of a model cost: held before, settled by what they came to. */
@Injectable()
export class StarAccount {
  constructor(private readonly bus: Bus) {}

  /**
   * Holds what a call of a model may cost at most. Asked again for the same step, it is the same hold.
   *
   * @returns why not, where it is refused; then nobody may be asked
   */
  async reserve({ run, persona, step, tokens }: PaidStep): Promise<Reserved | Refused> {
    const refused = (reason: string, layer: Refused['layer'] = null): Refused => ({
      kind: 'refused',
      step,
      layer,
      reason,
      cap: null,
      used: null,
    });
    const prices = await this.prices();
    if (!prices) return refused('no_wallet', 'wallet');
    const price = prices.items.find(({ action }) => action === STEP_ACTION)?.stars;
    // What cannot be estimated is not done.
    if (!price) return refused('no_price');
    const stars = costOf(tokens + RUN_BOUNDS.outputTokens, price);
    const answer = await this.bus.request(
      Reserve,
      {
        key: keyOf(run, step),
        stars,
        agent_id: persona,
        person_id: currentTenant().actor,
        run_id: run,
        price_version: prices.price_version,
        ttl_seconds: HELD_SECONDS,
      },
      { idempotencyKey: keyOf(run, step), timeoutMs: PATIENCE_MS },
    );
    if (answer.outcome === 'reserved' && answer.hold_id !== null)
      return { kind: 'reserved', step, hold: answer.hold_id, stars, price, priceVersion: prices.price_version };
    const { refused_by: layer, reason, cap, used } = answer;
    return { ...refused(reason ?? 'refused', layer), cap, used };
  }

  /**
   * Settles a hold by the tokens that a call came to, whoever may do what by then: it is the service that owes it.
   * It is never more than was held: how much a model says is not its organization's to answer for.
   *
   * @returns Stars
   */
  async settle({ hold, stars: held, price }: Reserved, tokens: number): Promise<number> {
    const stars = price === undefined ? held : Math.min(held, costOf(tokens, price));
    await actingBy(undefined, () =>
      this.bus.request(Settle, { hold_id: hold, stars }, { idempotencyKey: hold, timeoutMs: PATIENCE_MS }),
    );
    return stars;
  }

  private async prices() {
    try {
      return await this.bus.request(GetPriceList, {}, { timeoutMs: PATIENCE_MS });
    } catch (error) {
      if (error instanceof DomainError && error.code === 'not_found') return undefined;
      throw error;
    }
  }
}

/** @param price Stars for a unit, of which each one begun counts */
export function costOf(tokens: number, price: number): number {
  return Math.max(1, Math.ceil(tokens / TOKENS_A_UNIT)) * price;
}

function keyOf(run: string, step: number): string {
  return `${run}/${step}`;
}
