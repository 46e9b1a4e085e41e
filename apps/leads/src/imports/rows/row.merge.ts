import type { Identity } from '../plan/row.identity.js';
import { Pace } from '../paced.js';
import type { KnownLead, PlannedLead } from './known.lead.js';
import { applied, holds, isSomebodyElse, TEXTS } from './lead.comparison.js';
import { identityOf, isById } from './lead.identity.js';
import type { Cell, LeadRow, RowProblem } from './lead.row.js';
import { linesOf, placesOf, roomFor } from './remark.lines.js';

/** What a batch of rows comes to. */
export interface MergedBatch {
  readonly planned: readonly PlannedLead[];
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  /** Rows that are somebody else than the lead whose id they have. */
  readonly refused: number;
  readonly problems: readonly RowProblem[];
  /** Cells that say no more than their leads have, though nobody else could be given it: what was told of them is none. */
  readonly held: readonly Cell[];
}

/* It stays with the import, which a lead's name must not do when the lead is deleted. */
const SOMEBODY_ELSE =
  'who has another name and another address or phone number: say external_id in identity where the row is to change that lead, and email, phone or none where the ids are those of this list alone';

/** How what is told of a new lead begins whose address another one has under another id. */
export const ADDRESS_TAKEN = 'has another id than';

/** Meets the rows of a batch with the leads that are there, in the order of the file: a later row meets what an earlier one made. */
export class RowMerge {
  private readonly planned = new Map<string, PlannedLead>();
  private readonly byIdentity = new Map<string, KnownLead>();
  private readonly byExternalId = new Map<string, KnownLead>();
  private readonly counts = { created: 0, updated: 0, unchanged: 0, refused: 0 };
  /** Address → who has it first, where rows are recognized by an id: a lead, or a line of the file. */
  private readonly byAddress = new Map<string, string>();
  private readonly problems: RowProblem[] = [];
  private readonly held: Cell[] = [];

  /**
   * @param known every lead of the organization that a row of the batch may be, oldest first
   * @param keptKey custom field that takes what found no place; null when there is none
   * @param isGuessed whether nobody said by what rows are recognized: numbers of a list may be those of another one
   * @param addressed leads with the addresses of rows, where rows are recognized by something else
   */
  constructor(
    known: readonly KnownLead[],
    private readonly identity: Identity,
    private readonly keptKey: string | null,
    private readonly isGuessed = false,
    addressed: readonly KnownLead[] = [],
  ) {
    for (const lead of known) this.index(lead);
    for (const { id, email } of addressed) this.address(email, `the lead ${id}`);
  }

  /** Takes rows one by one; other requests get their turn in between, whatever the rows are made of. */
  async addAll(rows: readonly LeadRow[]): Promise<void> {
    const pace = new Pace();
    for (const row of rows) {
      this.add(row);
      await pace.after(textsOf(row));
    }
  }

  /** Takes the next row. */
  add(row: LeadRow): void {
    const external = row.external_id === undefined ? undefined : this.byExternalId.get(row.external_id);
    const key = identityOf(row, this.identity);
    const known = key === undefined ? undefined : this.byIdentity.get(key);
    const isOther = external !== undefined && isSomebodyElse(external, row);
    if (isOther && known === external && this.isGuessed) return this.refuse(row, external);
    const found = known ?? (isOther ? undefined : external);
    if (external && external !== found) {
      this.report(row, 'has the external id of another lead, which is left out');
      delete row.external_id;
    }
    if (found) {
      this.settle(found, row);
      this.change(found, row);
    } else this.create(row);
  }

  /** What is to be written and counted. */
  result(): MergedBatch {
    const planned = [...this.planned.values()].filter(({ before, fields }) => before === null || fields.size > 0);
    return { planned, ...this.counts, problems: this.problems, held: this.held };
  }

  private refuse(row: LeadRow, { id }: KnownLead): void {
    this.counts.refused++;
    this.report(row, `has the external id of the lead ${id}, ${SOMEBODY_ELSE}`, true);
  }

  private report({ line }: LeadRow, problem: string, refused = false): void {
    this.problems.push({ line, column: null, problem, refused });
  }

  private index(lead: KnownLead): void {
    const keys: Record<Identity, string | null> = {
      id: lead.id,
      external_id: lead.external_id,
      email: lead.email?.toLowerCase() ?? null,
      phone: lead.phone,
      none: null,
    };
    const key = keys[this.identity];
    if (key !== null && !this.byIdentity.has(key)) this.byIdentity.set(key, lead);
    if (lead.external_id !== null) this.byExternalId.set(lead.external_id, lead);
  }

  private address(email: string | null, who: string): void {
    const key = email?.toLowerCase();
    if (key !== undefined && isById(this.identity) && !this.byAddress.has(key)) this.byAddress.set(key, who);
  }

  private create(row: LeadRow): void {
    const other = this.byAddress.get(row.email?.toLowerCase() ?? '');
    if (other !== undefined)
      this.report(row, `${ADDRESS_TAKEN} ${other}, which has the same address: a second lead is made with it`);
    const lead: KnownLead = {
      id: row.id,
      pipeline_id: row.pipeline_id ?? null,
      stage_id: row.stage_id ?? null,
      contact_name: row.contact_name ?? '',
      company: row.company ?? null,
      email: row.email ?? null,
      phone: row.phone ?? null,
      site: row.site ?? null,
      city: row.city ?? null,
      state: row.state ?? null,
      country: row.country ?? null,
      owner_id: row.owner_id ?? null,
      value_minor: row.value_minor === undefined ? null : String(row.value_minor),
      tags: row.tags ?? [],
      custom_fields: this.customOf(row, null),
      external_id: row.external_id ?? null,
      version: 1,
    };
    this.planned.set(lead.id, { lead, before: null, created_at: row.created_at ?? null, fields: new Set() });
    this.index(lead);
    this.address(lead.email, `line ${row.line}`);
    this.counts.created++;
  }

  private change(lead: KnownLead, row: LeadRow): void {
    // What changes is replaced, never changed in itself.
    const before = { ...lead };
    const fields = applied(lead, row, this.customOf(row, lead));
    if (fields.length === 0) {
      this.counts.unchanged++;
      return;
    }
    this.counts.updated++;
    lead.version++;
    this.index(lead);
    const planned = this.planned.get(lead.id) ?? { lead, before, created_at: null, fields: new Set<string>() };
    for (const field of fields) planned.fields.add(field);
    this.planned.set(lead.id, planned);
  }

  /** Lets the lead keep what it has, an option that was taken away since included. */
  private settle(lead: KnownLead, row: LeadRow): void {
    for (const [column, { target, text, isTold }] of Object.entries(row.kept)) {
      if (!holds(lead, target, text)) continue;
      delete row.kept[column];
      if (isTold) this.held.push({ line: row.line, column });
    }
  }

  /** The row's custom fields, with what found no place elsewhere. */
  private customOf(row: LeadRow, lead: KnownLead | null): Record<string, unknown> {
    const kept = Object.entries(row.kept);
    if (this.keptKey === null || kept.length === 0) return row.custom_fields;
    const given = row.custom_fields[this.keptKey] ?? lead?.custom_fields[this.keptKey];
    const lines = linesOf(given);
    const places = placesOf(lines, row.kept);
    for (const [column, cell] of kept) {
      const text = `${column}: ${cell.text.replace(/[\p{Cc}\p{Cs}]+/gu, ' ').trim()}`;
      lines[places.get(column) ?? lines.length] = text;
    }
    const all = lines.join('\n');
    const text = all
      .slice(0, roomFor(all, { ...lead?.custom_fields, ...row.custom_fields, [this.keptKey]: '' }))
      .toWellFormed();
    if (text.length < all.length) {
      const problem = `is more than ${this.keptKey} holds of a lead: its last ${all.length - text.length} characters are left out`;
      this.report(row, problem);
    }
    return { ...row.custom_fields, [this.keptKey]: text };
  }
}

/** What a row holds that takes time to merge. */
function textsOf({ custom_fields, kept }: LeadRow): string[] {
  const custom = Object.values(custom_fields).map((value) => (typeof value === 'string' ? value : ''));
  return [...TEXTS, ...custom, ...Object.values(kept).map(({ text }) => text)];
}
