import { saysNothing } from '../rows/empty.words.js';
import type { ProposalContext, SampledColumn } from './mapping.proposal.js';

const OURS = ['id', 'external_id', 'contact_name', 'pipeline_id', 'stage_id', 'value_minor'];
/** Columns of our export that an import has no use for: they follow from others, or say what others are in. */
const DERIVED: ReadonlySet<string> = new Set(['pipeline_id', 'updated_at', 'currency']);
/** Columns of our export whose ids are of the organization that it was made in. */
const IDS: ReadonlySet<string> = new Set(['id', 'pipeline_id', 'stage_id', 'owner_id']);

/** The column of our export that says of which currency its amounts are; older exports have none. */
export const CURRENCY_COLUMN = 'currency';

/** What is told of columns of an export that another organization made. */
const FOREIGN_ID = 'It has ids of another organization, whose export this is. It is left out.';
const NO_CURRENCY =
  'This export of another organization does not say of which currency its amounts are: they are taken for';

/** Whether the columns are those of our export. */
export function isOurExport(names: readonly string[]): boolean {
  return OURS.every((name) => names.includes(name));
}

/** What is known of a file by being our export. */
export interface OwnExport {
  readonly isOurs: boolean;
  /** Whether another organization made it: none of the stages of its leads is one of this one. */
  readonly isForeign: boolean;
}

/** Finds out whether a file is our export, and whose. */
export function ownExport(columns: readonly SampledColumn[], { isStage }: ProposalContext): OwnExport {
  const isOurs = isOurExport(columns.map(({ name }) => name));
  const stages = columns.find(({ name }) => name === 'stage_id')?.cells ?? [];
  const isForeign = isOurs && stages.length > 0 && !stages.some(isStage);
  return { isOurs, isForeign };
}

/** Whether a column of our export is not taken: it follows from others, or names what another organization has. */
export function isNotTaken({ name, cells }: SampledColumn, { isOurs, isForeign }: OwnExport, whole: boolean): boolean {
  if (!isOurs) return false;
  return DERIVED.has(name) || (isForeign && (IDS.has(name) || (name === 'external_id' && whole && cells.length === 0)));
}

/** Heading → what is told of the columns of an export that another organization made. */
export function foreignNotes(
  columns: readonly SampledColumn[],
  { isForeign }: OwnExport,
  currency: string | null,
): Map<string, string> {
  if (!isForeign) return new Map();
  const names = columns.map(({ name }) => name);
  const notes = new Map(names.filter((name) => IDS.has(name)).map((name) => [name, FOREIGN_ID]));
  const amounts = columns.find(({ name }) => name === 'value_minor')?.cells ?? [];
  const hasAmounts = amounts.some((cell) => !saysNothing(cell, 'amount'));
  if (hasAmounts && !names.includes(CURRENCY_COLUMN) && currency !== null)
    notes.set('value_minor', `${NO_CURRENCY} ${currency}.`);
  return notes;
}
