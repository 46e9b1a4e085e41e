import { createHash } from 'node:crypto';
import { type billingStarsMessages, may, ROLES, type Role } from '@apollo/contracts';
import type { RefusingLayer } from '../caps/cap.tables.js';

/** Seconds a hold lasts where its maker does not say. */
export const STANDARD_TTL_SECONDS = 600;

/** Who may raise what refused: the wallet's Stars are bought, caps are configured. */
export function raisersOf(layer: RefusingLayer): Role[] {
  return ROLES.filter((role) => may(role, layer === 'wallet' ? 'billing.purchase' : 'caps.configure'));
}

/** Tells requests with the same key apart: everything that makes a difference, in a fixed order. Hex of SHA-256. */
export function reservationHash(request: billingStarsMessages.ReserveRequest): string {
  const { stars, agent_id, person_id, run_id, price_version, ttl_seconds } = request;
  return createHash('sha256')
    .update(
      JSON.stringify([stars, agent_id, person_id ?? null, run_id, price_version, ttl_seconds ?? STANDARD_TTL_SECONDS]),
    )
    .digest('hex');
}
