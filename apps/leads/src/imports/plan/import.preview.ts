import type { leadsMessages } from '@apollo/contracts';
import { currentTenant } from '@apollo/tenancy';
import { Injectable } from '@nestjs/common';
import type { FieldDefinition } from '../../fields/custom.field.rules.js';
import { FieldRepository } from '../../fields/field.repository.js';
import { ownValue } from '../../fields/own.value.js';
import { FormatSurvey } from '../cells/format.survey.js';
import { customKey, customKeys } from '../import.mapping.js';
import type { LeadRow, RowOutcome, RowProblem } from '../rows/lead.row.js';
import { PlaceRepository } from '../rows/place.repository.js';
import { formattedColumns, RowReader } from '../rows/row.reader.js';
import type { FilePlan } from './file.plan.js';
import { ImportPlanner } from './import.planner.js';

const SHOWN_ROWS = 20;
const SHOWN_LINES = 50;
const SHOWN_SAMPLES = 3;

/** Tells what an import would do, without doing it. */
@Injectable()
export class ImportPreviewer {
  constructor(
    private readonly planner: ImportPlanner,
    private readonly fields: FieldRepository,
    private readonly places: PlaceRepository,
  ) {}

  /** @throws DomainError as the import would, at its start or in its file */
  async preview({
    data,
    whole,
    file_name: _,
    ...settings
  }: leadsMessages.PreviewImportRequest): Promise<leadsMessages.ImportPreview> {
    const pipeline = settings.pipeline_id ?? null;
    const plan = await this.planner.plan({ bytes: Buffer.from(data, 'base64'), whole }, settings, pipeline);
    const fields = [...(await this.fields.all()), ...newFields(plan)];
    const currency = settings.currency ?? null;
    const survey = new FormatSurvey(formattedColumns(plan.heading, plan.mapping, fields), plan.formats, currency);
    for (const { cells } of plan.rows) survey.add(cells);
    const formats = survey.result();
    const reader = new RowReader(plan.heading, {
      mapping: plan.mapping,
      fields,
      formats,
      defaultContactName: settings.default_contact_name ?? null,
      country: settings.country ?? null,
      currency,
      decimals: settings.value_decimals ?? 2,
      zone: settings.time_zone ?? 'UTC',
      places: await this.places.book(pipeline, settings.owners ?? []),
    });
    const { requestId } = currentTenant();
    const outcomes = plan.rows.map((record) => ({ line: record.line, ...reader.read(record, requestId) }));
    const problems = outcomes.flatMap((outcome) => outcome.problems);
    return {
      ...plan.dialect,
      identity: plan.identity,
      mapping: Object.fromEntries(plan.mapping),
      kinds: { ...plan.kinds },
      options: { ...plan.options },
      formats: { ...formats },
      columns: plan.names.map((heading, at) => ({
        heading,
        ...described(plan.mapping.get(heading), fields),
        format: ownValue(formats, heading) ?? null,
        samples: samplesOf(plan, at),
        problems: problems.filter(({ column }) => column === heading).length,
      })),
      rows: outcomes.slice(0, SHOWN_ROWS).map(shown),
      whole,
      rows_looked_at: outcomes.length,
      refused: outcomes.filter(({ row }) => row === null).length,
      problems: problems.filter(({ refused }) => !refused).length,
      left_out: plan.leftOut.slice(0, SHOWN_LINES).map((line) => ({ ...line, column: null, refused: false })),
    };
  }
}

/** The custom fields that the import would make. */
function newFields({ mapping, kinds, options }: FilePlan): FieldDefinition[] {
  return customKeys(mapping).map((key) => ({
    key,
    kind: ownValue(kinds, key) ?? 'text',
    options: [...(ownValue(options, key) ?? [])],
    archived: false,
  }));
}

function described(
  target: string | undefined,
  fields: readonly FieldDefinition[],
): { target: string | null; kind: string | null } {
  const key = target === undefined ? null : customKey(target);
  return { target: target ?? null, kind: fields.find((field) => field.key === key)?.kind ?? null };
}

function samplesOf({ rows }: FilePlan, at: number): string[] {
  const cells = new Set<string>();
  for (const row of rows) {
    const cell = (row.cells[at] ?? '').replace(/[\s\p{Cc}\p{Cs}\p{Bidi_Control}]+/gu, ' ').trim();
    if (/[\p{L}\p{N}\p{P}\p{S}]/u.test(cell)) cells.add(cell.slice(0, 100).toWellFormed().replaceAll('\uFFFD', ''));
    if (cells.size === SHOWN_SAMPLES) break;
  }
  return [...cells];
}

function shown({ line, row, problems }: RowOutcome & { line: number }): leadsMessages.PreviewRow {
  const told = (problem: RowProblem): [string, string] => [problem.column ?? 'row', problem.problem];
  return { line, refused: row === null, ...contentOf(row), problems: Object.fromEntries(problems.map(told)) };
}

function contentOf(row: LeadRow | null): Pick<leadsMessages.PreviewRow, 'lead' | 'custom_fields'> {
  if (!row) return { lead: {}, custom_fields: {} };
  const { id: _, line: __, named: ___, kept: ____, custom_fields, ...lead } = row;
  return { lead: { ...lead }, custom_fields };
}
