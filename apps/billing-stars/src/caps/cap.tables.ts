import { billingStarsMessages } from '@apollo/contracts';
import { p, vaultTable } from '@apollo/tenancy/postgres';
import { constraint } from '../table.rules.js';

/** As the contracts name them. The database tells what they are and in which order they are asked: `layers_of`. */
export const { CAP_LAYERS, REFUSING_LAYERS } = billingStarsMessages;
export type CapLayer = (typeof CAP_LAYERS)[number];
export type RefusingLayer = (typeof REFUSING_LAYERS)[number];

/**
 * What an Owner or Admin has set. `subject` says for whom: `org`, an agent, `agent/person`, or `*` for every subject
 * of the layer without a cap of its own. `stars` null is no cap. A raise counts until it ends.
 */
export const caps = vaultTable({
  name: 'Cap',
  schema: 'billing_stars',
  table: 'caps',
  properties: {
    layer: p.enum(CAP_LAYERS),
    subject: p.text(),
    agentId: p.uuid().nullable(),
    personId: p.uuid().nullable(),
    stars: p.bigint('number').nullable(),
    raiseTo: p.bigint('number').nullable(),
    raiseUntil: p.datetime(6).nullable(),
    version: p.integer().default(1),
    changedBy: p.text(),
    changedAt: p.datetime(6),
  },
  uniques: [['layer', 'subject']],
});

/**
 * What one subject has spent and holds in one period of a layer. `overrun` is the part of `spent` that no reservation
 * had room for: settled above the hold, or after its end. `allowed` is the cap under which the last reservation was
 * made (null: none): what is used never exceeds it, however the cap changes afterwards. `warned` is the highest
 * threshold that people were told of.
 */
export const counters = vaultTable({
  name: 'CapCounter',
  schema: 'billing_stars',
  table: 'cap_counters',
  properties: {
    layer: p.enum(CAP_LAYERS),
    subject: p.text(),
    starts: p.date(),
    spent: p.bigint('number').default(0),
    held: p.bigint('number').default(0),
    overrun: p.bigint('number').default(0),
    allowed: p.bigint('number').nullable(),
    warned: p.integer().default(0),
  },
  uniques: [['layer', 'starts', 'subject']],
});

/** Postgres itself refuses a commit that would exceed a cap, whatever a function does. */
export const capRules: readonly string[] = [
  constraint(
    'cap_counters',
    'cap_counters_kept',
    'check (held >= 0 and overrun >= 0 and spent >= overrun and (allowed is null or spent - overrun + held <= allowed))',
  ),
  constraint('caps', 'caps_raise', 'check ((raise_to is null) = (raise_until is null))'),
];
