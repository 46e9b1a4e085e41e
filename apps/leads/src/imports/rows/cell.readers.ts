import { leadsMessages, lineCheck, manyLines, type TextCheck, textCheck } from '@apollo/contracts';
import { customValueProblem, type FieldDefinition } from '../../fields/custom.field.rules.js';
import type { LeadRow } from './lead.row.js';

/** Puts a cell that is not empty into its row, or says what is wrong with it. */
export type CellReader = (cell: string, row: LeadRow) => string | null;

const TEXT_FIELDS = ['contact_name', 'company', 'site', 'city', 'state', 'country', 'external_id', 'email'] as const;
const MOST_TAGS = 50;
const tagCheck = lineCheck(50);
const customLength = 2_000;

/** The reader of each target of a mapping but the custom fields, by the rules of `CreateLead`. */
export function readersFor(valueDecimals: number): ReadonlyMap<string, CellReader> {
  const rule = (field: string): TextCheck => textCheck(leadsMessages.CreateLeadRequest, field);
  const texts = TEXT_FIELDS.map((field): [string, CellReader] => {
    const check = rule(field);
    return [
      field,
      (cell, row) => {
        row[field] = cell;
        return check(cell);
      },
    ];
  });
  const ownerCheck = rule('owner_id');
  const phoneCheck = rule('phone');
  return new Map<string, CellReader>([
    ...texts,
    ['owner_id', (cell, row) => ownerCheck((row.owner_id = cell.toLowerCase()))],
    // Spreadsheets and people put marks between the digits, and a quote before a plus sign.
    ['phone', (cell, row) => phoneCheck((row.phone = cell.replace(/^'/, '').replace(/[\s().\/-]/g, '')))],
    ['value_minor', (cell, row) => readWhole(cell, row)],
    ['value', (cell, row) => readMajor(cell, row, valueDecimals)],
    ['tags', readTags],
  ]);
}

function readWhole(cell: string, row: LeadRow): string | null {
  row.value_minor = Number(cell);
  return /^\d{1,16}$/.test(cell) && Number.isSafeInteger(row.value_minor) ? null : 'must be a whole number';
}

/** A thousands separator would have to be guessed, and a wrong guess is a factor of a thousand: none is taken. */
function readMajor(cell: string, row: LeadRow, decimals: number): string | null {
  const parts = /^(\d{1,16})(?:[.,](\d+))?$/.exec(cell);
  const fraction = parts?.[2] ?? '';
  if (!parts || fraction.length > decimals)
    return `must be a number with at most ${decimals} digits after the point and no other marks`;
  return readWhole(`${parts[1]}${fraction.padEnd(decimals, '0')}`.replace(/^0+(?=\d)/, ''), row);
}

function readTags(cell: string, row: LeadRow): string | null {
  const tags = [
    ...new Set(
      cell
        .split(/[;,|]/)
        .map((tag) => tag.trim())
        .filter(Boolean),
    ),
  ];
  row.tags = tags;
  if (tags.length > MOST_TAGS) return `must be at most ${MOST_TAGS} tags`;
  return tags.map(tagCheck).find((problem) => problem !== null) ?? null;
}

/** The reader of one custom field. */
export function customReader(field: FieldDefinition): CellReader {
  return (cell, row) => {
    if (cell.length > customLength || !manyLines.test(cell))
      return `must be at most ${customLength} characters without control characters`;
    const value = customValue(field, cell);
    const problem = customValueProblem(field, value);
    if (problem) return problem;
    row.custom_fields[field.key] = value;
    return null;
  };
}

function customValue(field: FieldDefinition, cell: string): unknown {
  switch (field.kind) {
    case 'number':
      return /^-?\d+(?:[.,]\d+)?$/.test(cell) ? Number(cell.replace(',', '.')) : undefined;
    case 'multi_select':
      return cell
        .split(/[;|]/)
        .map((option) => option.trim())
        .filter(Boolean);
    default:
      return cell;
  }
}
