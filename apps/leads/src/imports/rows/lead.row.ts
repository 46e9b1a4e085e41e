import { createHash } from 'node:crypto';
import { REMARKS } from '../import.mapping.js';

/** A row of the file that may become a lead: what its mapped cells said, by column of the leads table. */
export interface LeadRow {
  readonly id: string;
  /** 1-based line of the file. */
  readonly line: number;
  contact_name?: string;
  /** Whether the name is one that the file gives; otherwise the lead is called after what it has. */
  named: boolean;
  /** Whether that is a first or a last name alone. */
  isPartlyNamed?: boolean;
  /** Whether the row goes on with the person of the row above, as further items of an order do. */
  isContinued?: boolean;
  company?: string;
  email?: string;
  phone?: string;
  site?: string;
  city?: string;
  state?: string;
  country?: string;
  owner_id?: string;
  value_minor?: number;
  tags?: string[];
  external_id?: string;
  /** Of the lead that the row says it is. */
  lead_id?: string;
  pipeline_id?: string;
  stage_id?: string;
  /** ISO 8601, UTC. */
  created_at?: string;
  custom_fields: Record<string, unknown>;
  /** Keys of the custom fields that are amounts of money, which are kept in several forms. */
  amounts?: Set<string>;
  /** Column → text of a cell, or a part of one, that found no place in the lead. */
  readonly kept: Record<string, KeptText>;
}

/** What is told of rows that only an external id names. */
export const CALLED_BY_ID = 'gives nothing to call a lead by but its external id';

/** Whether an external id is all that the row's lead is called by. */
export function isCalledById({ named, company, email, phone, external_id, contact_name }: LeadRow): boolean {
  return !named && (company ?? email ?? phone) === undefined && contact_name === external_id;
}

/** Text that found no place, the target that it was for, and whether that is told as a problem of its cell. */
export interface KeptText {
  readonly target: string;
  readonly text: string;
  readonly isTold: boolean;
}

/** The columns of a row whose cells are kept as text because no field holds them, which is told of each column once. */
export function unplacedIn({ kept }: LeadRow): string[] {
  return Object.entries(kept).flatMap(([column, { target, isTold }]) =>
    target === REMARKS && !isTold ? [column] : [],
  );
}

/** A cell of the file. */
export interface Cell {
  readonly line: number;
  readonly column: string;
}

/** What is wrong with a row or one of its cells; the cell's content is not part of it. */
export interface RowProblem {
  readonly line: number;
  readonly column: string | null;
  readonly problem: string;
  /** Whether it cost the whole row. */
  readonly refused: boolean;
}

/** What became of a row: a lead, or null when it was refused, and what is told about it. */
export interface RowOutcome {
  readonly row: LeadRow | null;
  readonly problems: readonly RowProblem[];
}

/**
 * Gives each row of an import its lead's id: a UUIDv7 that depends on the import and the row's number only, so that no
 * row can become two leads, however often an import is taken up again. Ids sort in the order of the file.
 *
 * @param at when the import was made
 * @returns id by row number, from 0 to 16,777,215
 */
export function rowIds(importId: string, at: Date): (row: number) => string {
  const time = at.getTime().toString(16).padStart(12, '0');
  const [own = 0, ...rest] = createHash('sha256').update(importId).digest();
  const variant = (8 + (own & 3)).toString(16);
  const tail = Buffer.from(rest).toString('hex', 0, 6);
  return (row) => {
    const number = row.toString(16).padStart(6, '0');
    return `${time.slice(0, 8)}-${time.slice(8)}-7${number.slice(0, 3)}-${variant}${number.slice(3)}-${tail}`;
  };
}
