import type { Pace } from '../paced.js';
import { isUnnamed, targetShown } from './column.cells.js';
import { fieldsNamed } from './field.label.js';
import { furtherAddresses, furtherPhones } from './further.columns.js';
import type { NamedColumn, ProposalContext, SampledColumn } from './mapping.proposal.js';
import { isDialledFromAbroad, NumbersOf, phoneByWord, phonesByPlace } from './phone.columns.js';

/**
 * What the cells of columns leave no doubt about whose headings say nothing: each without a heading, and, of those with one,
 * that of the most different cells, where no heading names such a column, and the phone by a word in its heading. People
 * that sell are the same in many rows.
 */
export async function byCells(
  unsaid: readonly SampledColumn[],
  named: readonly NamedColumn[],
  { fields, isOwner, country }: ProposalContext,
  pace: Pace,
): Promise<NamedColumn[]> {
  const known = fieldsNamed(
    unsaid.map(({ name }) => name),
    fields,
  );
  const free = unsaid.filter(({ name, cells }) => !known.has(name) && (cells.length === 0 || !cells.every(isOwner)));
  const found: NamedColumn[] = [];
  for (const column of free) {
    const target = targetShown(column);
    if (target !== undefined) found.push([column, target]);
    await pace.after(column.cells);
  }
  const bare = found.filter(([{ name }]) => isUnnamed(name));
  const taken = new Set([...named, ...bare].map(([, target]) => target));
  // The same phones may stand there as they are dialled at home, by their heading, and as from abroad.
  const atHome = new NumbersOf(
    named.flatMap(([column, target]) => (target === 'phone' && !isDialledFromAbroad(column) ? [column] : [])),
  );
  const best = new Map<string, { readonly column: SampledColumn; readonly different: number }>();
  for (const [column, target] of found) {
    if (isUnnamed(column.name)) continue;
    if (taken.has(target) && (target !== 'phone' || !atHome.isRepeatedBy(column))) continue;
    const different = new Set(column.cells).size;
    if (different > (best.get(target)?.different ?? 0)) best.set(target, { column, different });
    await pace.after(column.cells);
  }
  const shown = [...bare, ...[...best].map(([target, { column }]): NamedColumn => [column, target])];
  const left = free.filter((column) => !shown.some(([each]) => each === column));
  const placed = await phonesByPlace(left, country, pace);
  const unplaced = left.filter((column) => !placed.includes(column));
  const phone = await phoneByWord(unplaced, [...named, ...shown], country, pace);
  const phones = [...(phone ? [phone] : []), ...placed].map((column): NamedColumn => [column, 'phone']);
  const sure = [...named, ...shown, ...phones];
  const rest = unplaced.filter((column) => column !== phone);
  return [...shown, ...phones, ...(await furtherPhones(rest, sure, country, pace)), ...furtherAddresses(found, sure)];
}
