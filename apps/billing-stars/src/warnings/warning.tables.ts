import { p, vaultTable } from '@apollo/tenancy/postgres';
import { REFUSING_LAYERS } from '../caps/cap.tables.js';

/** Parts of a hundred of a cap or of the wallet at which people are told. */
export const THRESHOLDS = [50, 80, 100] as const;

/**
 * That a threshold was reached: once per layer, subject, period and threshold, however many raced to it. `starts` is
 * the first day of the period, the day itself for a cap of a day. `stars` is what the layer allowed then; for the
 * wallet, all the Stars that the period has had.
 */
export const warnings = vaultTable({
  name: 'Warning',
  schema: 'billing_stars',
  table: 'warnings',
  properties: {
    layer: p.enum(REFUSING_LAYERS),
    subject: p.text(),
    starts: p.date(),
    threshold: p.integer(),
    agentId: p.uuid().nullable(),
    personId: p.uuid().nullable(),
    stars: p.bigint('number'),
    used: p.bigint('number'),
    at: p.datetime(6),
  },
  uniques: [['layer', 'starts', 'subject', 'threshold']],
  indexes: [['starts', 'at']],
});
