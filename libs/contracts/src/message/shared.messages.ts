import { Flag, Int, Optional, Text } from './fields.js';

/** A request without content. */
export class Empty {}

/** The answer of a command that has nothing to tell. */
export class Done {
  @Flag() done!: boolean;
}

/** The two fields every list takes. */
export class Page {
  /** Most items to return; 50 when absent. */
  @Optional() @Int({ min: 1, max: 200 }) limit?: number;
  /** `next_cursor` of the page before; works for the same org, user and query only. */
  @Optional() @Text({ max: 2000 }) cursor?: string;
}
