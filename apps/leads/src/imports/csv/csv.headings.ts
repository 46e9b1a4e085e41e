import { DomainError, legible } from '@apollo/contracts';
import { CELL_CHARACTERS, COLUMNS } from '../import.limits.js';
import type { CsvRecord } from './csv.records.js';

/** Characters of the name of a column. */
export const LONGEST_NAME = 200;

/** A heading as one line of at most 200 characters; the way a mapping writes it. */
export function columnName(heading: string): string {
  const line = legible(heading.slice(0, CELL_CHARACTERS)).replace(/[\s\p{Cc}\p{Cs}]+/gu, ' ');
  return line.length > LONGEST_NAME
    ? `${line
        .slice(0, LONGEST_NAME - 1)
        .toWellFormed()
        .replaceAll('\uFFFD', '')}…`
    : line;
}

/**
 * The names of a file's columns: each different from the others, so that every column can be mapped. The second of a
 * heading is `Heading (2)`, one without a heading is `Column 3`.
 */
export function columnNames(cells: readonly string[]): string[] {
  const names: string[] = [];
  const taken = new Set<string>();
  const given = new Set(cells.map(columnName));
  /** Beginning of names → the number that is tried next behind it: a file may have one heading a thousand times. */
  const next = new Map<string, number>();
  cells.forEach((cell, at) => {
    const plain = columnName(cell) || `Column ${at + 1}`;
    const beginning = plain.slice(0, LONGEST_NAME - 8);
    let name = plain;
    let n = next.get(beginning) ?? 2;
    for (; taken.has(name) || (name !== plain && given.has(name)); n++) name = `${beginning} (${n})`;
    next.set(beginning, n);
    taken.add(name);
    names.push(name);
  });
  return names;
}

/** @throws DomainError `invalid_csv` for too many columns: names are made different from each other by trying */
export function assertColumns({ cells }: CsvRecord): void {
  if (cells.length > COLUMNS) throw new DomainError('invalid_csv', `The file has more than ${COLUMNS} columns.`);
}
