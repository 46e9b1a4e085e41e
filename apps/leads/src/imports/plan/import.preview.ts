import type { leadsMessages } from '@apollo/contracts';
import { jsonBytes, PAGE_BYTES } from '@apollo/messaging';
import { currentTenant } from '@apollo/tenancy';
import { Injectable } from '@nestjs/common';
import type { FieldDefinition } from '../../fields/custom.field.rules.js';
import { FieldRepository } from '../../fields/field.repository.js';
import { ownValue } from '../../fields/own.value.js';
import { CurrencySurvey } from '../cells/currency.survey.js';
import { FormatSurvey } from '../cells/format.survey.js';
import { FileQueue } from '../file.queue.js';
import { ImportDestination } from '../import.destination.js';
import { customKey } from '../import.mapping.js';
import { Pace, paced } from '../paced.js';
import { formattedColumns, freeColumns } from '../rows/column.places.js';
import {
  CALLED_BY_ID,
  isCalledById,
  type LeadRow,
  type RowOutcome,
  type RowProblem,
  unplacedIn,
} from '../rows/lead.row.js';
import { isAmong } from '../rows/row.batch.js';
import { isById } from '../rows/lead.identity.js';
import { RowMerge } from '../rows/row.merge.js';
import { RowReader } from '../rows/row.reader.js';
import { RowRepository } from '../rows/row.repository.js';
import { columnNotes } from './column.note.js';
import { type FilePlan, newFields } from './file.plan.js';
import { ImportPlanner } from './import.planner.js';
import { sameRowNotes } from './row.note.js';

const SHOWN_ROWS = 20;
const SHOWN_LINES = 50;
const SHOWN_SAMPLES = 3;

/** Tells what an import would do, without doing it: no more comes to be than the default pipeline, where there is none yet. */
@Injectable()
export class ImportPreviewer {
  constructor(
    private readonly planner: ImportPlanner,
    private readonly fields: FieldRepository,
    private readonly destination: ImportDestination,
    private readonly rows: RowRepository,
    private readonly queue: FileQueue,
  ) {}

  /** @throws DomainError as the import would, at its start or in its file; `rate_limited` where too many previews wait */
  preview(request: leadsMessages.PreviewImportRequest): Promise<leadsMessages.ImportPreview> {
    return this.queue.run(() => this.look(request));
  }

  private async look({
    data,
    whole,
    file_name: _,
    ...settings
  }: leadsMessages.PreviewImportRequest): Promise<leadsMessages.ImportPreview> {
    // Its stages are those that the import will have, also where this is the first need of the default one.
    const pipeline = await this.destination.pipeline(settings.pipeline_id ?? null);
    const bytes = Buffer.from(data, 'base64');
    const plan = await this.planner.plan({ bytes, whole }, settings, pipeline);
    const fields = [...(await this.fields.all()), ...newFields(plan)];
    const currency = settings.currency ?? null;
    const survey = new FormatSurvey(formattedColumns(plan.heading, plan.mapping, fields), plan.formats, currency);
    const currencies = new CurrencySurvey(freeColumns(plan.heading, plan.mapping));
    for await (const { cells } of paced(plan.rows)) {
      survey.add(cells);
      currencies.add(cells);
    }
    const notes = columnNotes(survey, settings.country, plan.doubts);
    const formats = { ...survey.result(), ...notes.likely };
    const reader = new RowReader(plan.heading, {
      mapping: plan.mapping,
      identity: plan.identity,
      fields,
      formats,
      defaultContactName: settings.default_contact_name ?? null,
      country: settings.country ?? null,
      currency,
      decimals: settings.value_decimals ?? 2,
      zone: settings.time_zone ?? 'UTC',
      references: plan.references,
      currencyColumns: currencies.result(),
      internationalPhones: plan.internationalPhones,
    });
    const { requestId } = currentTenant();
    const read: Outcome[] = [];
    for await (const record of paced(plan.rows)) read.push({ line: record.line, ...reader.read(record, requestId) });
    const outcomes = await this.asMerged(read, plan);
    const problems = outcomes.flatMap((outcome) => outcome.problems);
    const unplaced = outcomes.flatMap(({ row }) => (row ? unplacedIn(row) : []));
    const samples = await samplesOf(plan);
    const rowNotes = sameRowNotes(plan.mapping, problems);
    const told = Map.groupBy([...problems.map(({ column }) => column), ...unplaced], (column) => column);
    return carried({
      ...plan.dialect,
      identity: plan.identity,
      mapping: Object.fromEntries(plan.mapping),
      kinds: { ...plan.kinds },
      options: { ...plan.options },
      formats: { ...formats },
      columns: plan.names.map((heading, at) => {
        const target = plan.mapping.get(heading) ?? null;
        const kind = kindOf(target, fields);
        return {
          heading,
          target,
          kind,
          format: ownValue(formats, heading) ?? null,
          note: notes.of(heading, kind, rowNotes.get(heading)),
          samples: samples[at] ?? [],
          problems: told.get(heading)?.length ?? 0,
        };
      }),
      rows: outcomes.slice(0, SHOWN_ROWS).map(shown),
      whole: plan.looked.whole,
      bytes_looked_at: plan.looked.bytes.length,
      rows_looked_at: outcomes.length,
      refused: outcomes.filter(({ row }) => row === null).length,
      problems: problems.filter(({ refused }) => !refused).length + unplaced.length,
      left_out: plan.leftOut.slice(0, SHOWN_LINES).map((line) => ({ ...line, column: null, refused: false })),
    });
  }

  /** As the import itself, refuses rows of somebody else than whose id they have, and tells nothing of cells that say what their leads have already. */
  private async asMerged(outcomes: readonly Outcome[], plan: FilePlan): Promise<Outcome[]> {
    const { identity, isIdentityGuessed: isGuessed } = plan;
    const isMet = ({ external_id, email, kept }: LeadRow): boolean =>
      external_id !== undefined ||
      (email !== undefined && isById(identity)) ||
      Object.values(kept).some(({ isTold }) => isTold);
    const rows = outcomes.flatMap(({ row }) => (row && isMet(row) ? [row] : []));
    const [known, addressed] = [await this.rows.known(rows, identity), await this.rows.addressed(rows, identity)];
    const merge = new RowMerge(known, identity, null, isGuessed, addressed);
    await merge.addAll(rows);
    const { held, problems } = merge.result();
    const isHeld = isAmong(held);
    const found = Map.groupBy(problems, ({ line }) => line);
    return outcomes.map(({ line, row, problems: told }) => {
      const more = found.get(line) ?? [];
      const isRefused = more.some(({ refused }) => refused);
      return { line, row: isRefused ? null : row, problems: [...told.filter((each) => !isHeld(each)), ...more] };
    });
  }
}

/** As much of a preview as one message carries: the rows that fit, and no samples where they alone are too many. */
function carried({ rows, ...all }: leadsMessages.ImportPreview): leadsMessages.ImportPreview {
  const bare = { ...all, columns: all.columns.map((column) => ({ ...column, samples: [] })) };
  const told = jsonBytes(all) <= PAGE_BYTES ? all : bare;
  let left = PAGE_BYTES - jsonBytes(told);
  const shown = rows.findIndex((row) => (left -= jsonBytes(row)) < 0);
  return { ...told, rows: shown < 0 ? rows : rows.slice(0, shown) };
}

/** What became of the row on a line. */
type Outcome = RowOutcome & { readonly line: number };

function kindOf(target: string | null, fields: readonly FieldDefinition[]): string | null {
  const key = target === null ? null : customKey(target);
  return fields.find((field) => field.key === key)?.kind ?? null;
}

/** Some different cells of each column. */
async function samplesOf({ rows, names }: FilePlan): Promise<string[][]> {
  const samples: string[][] = [];
  const pace = new Pace();
  for (const at of names.keys()) {
    const cells = new Set<string>();
    for (const row of rows) {
      const cell = (row.cells[at] ?? '').replace(/[\s\p{Cc}\p{Cs}\p{Bidi_Control}]+/gu, ' ').trim();
      if (/[\p{L}\p{N}\p{P}\p{S}]/u.test(cell)) cells.add(cell.slice(0, 100).toWellFormed().replaceAll('\uFFFD', ''));
      if (cells.size === SHOWN_SAMPLES) break;
      await pace.after([cell]);
    }
    samples.push([...cells]);
  }
  return samples;
}

function shown({ line, row, problems }: Outcome): leadsMessages.PreviewRow {
  const told = Object.fromEntries(problems.map(({ column, problem }: RowProblem) => [column ?? 'row', problem]));
  const named = row && isCalledById(row) ? { row: CALLED_BY_ID } : {};
  return { line, refused: row === null, ...contentOf(row), problems: { ...named, ...told } };
}

function contentOf(row: LeadRow | null): Pick<leadsMessages.PreviewRow, 'lead' | 'custom_fields'> {
  if (!row) return { lead: {}, custom_fields: {} };
  const {
    id: _,
    line: __,
    named: ___,
    isPartlyNamed: _____,
    isContinued: ______,
    kept: ____,
    amounts: _______,
    ...shown
  } = row;
  const { custom_fields, ...lead } = shown;
  return { lead: { ...lead }, custom_fields };
}
