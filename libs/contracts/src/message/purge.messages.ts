import { Choice, Flag, Int, NestedList, Text } from './fields.js';

/** What became of an organization's rows of a table: gone, or there without the people that they named. */
export const PURGE_OUTCOMES = ['deleted', 'anonymized'] as const;

/** How many rows of a table a purge has come by. */
export class PurgedRows {
  @Text({ max: 63 }) table!: string;
  @Choice(PURGE_OUTCOMES) outcome!: (typeof PURGE_OUTCOMES)[number];
  @Int({ min: 0, max: Number.MAX_SAFE_INTEGER }) rows!: number;
}

/** What a service has purged of an organization, all times it was asked together. */
export class PurgeReceipt {
  @NestedList(() => PurgedRows, { max: 200 }) tables!: PurgedRows[];
  /** False where there may be more: ask again. */
  @Flag() complete!: boolean;
}
