import {
  Choice,
  Currency,
  Described,
  Email,
  Flag,
  FlatMap,
  Instant,
  Int,
  Language,
  NestedList,
  Nullable,
  Optional,
  Phone,
  Text,
  TextList,
  Uuid,
  WebAddress,
} from '../message/fields.js';
import { Page } from '../message/shared.messages.js';
import { CUSTOM_FIELDS } from './field.messages.js';

export * from './field.messages.js';
export * from './import.messages.js';
export * from './saved.mapping.messages.js';

const version = { min: 1, max: 2_000_000_000 };

export class ObjectRequest {
  @Uuid() id!: string;
}

/** An object that is to go. */
export class VersionedObjectRequest {
  @Uuid() id!: string;
  @Optional() @Int(version) if_match?: number;
}

export class Stage {
  @Uuid() id!: string;
  @Text({ max: 100 }) name!: string;
  @Int({ min: 0, max: 1000 }) position!: number;
  /** `won` and `lost` are closed stages. */
  @Choice(['open', 'won', 'lost']) kind!: 'open' | 'won' | 'lost';
  @Flag() archived!: boolean;
}

export class Pipeline {
  @Uuid() id!: string;
  @Text({ max: 100 }) name!: string;
  @Flag() is_default!: boolean;
  @Flag() archived!: boolean;
  @Uuid() default_stage_id!: string;
  @NestedList(() => Stage, { max: 100 }) stages!: Stage[];
  @Instant() created_at!: string;
  @Int(version) version!: number;
}

export class PipelineList {
  @NestedList(() => Pipeline, { max: 200 }) items!: Pipeline[];
  @Nullable() @Text({ max: 2000 }) next_cursor!: string | null;
}

export class CreatePipelineRequest {
  @Text({ max: 100 }) name!: string;
}

export class UpdatePipelineRequest {
  @Uuid() id!: string;
  @Optional() @Text({ max: 100 }) name?: string;
  /** An archived pipeline takes no new leads. */
  @Optional() @Flag() archived?: boolean;
  @Optional() @Int(version) if_match?: number;
}

export class CreateStageRequest {
  @Uuid() pipeline_id!: string;
  @Text({ max: 100 }) name!: string;
  /** 0-based place; last when absent. */
  @Optional() @Int({ min: 0, max: 1000 }) position?: number;
  @Optional() @Choice(['open', 'won', 'lost']) kind?: 'open' | 'won' | 'lost';
}

export class UpdateStageRequest {
  @Uuid() pipeline_id!: string;
  @Uuid() id!: string;
  @Optional() @Text({ max: 100 }) name?: string;
  @Optional() @Int({ min: 0, max: 1000 }) position?: number;
  /** A stage with leads cannot be archived, nor the default stage. */
  @Optional() @Flag() archived?: boolean;
}

/** What a lead consists of besides its place in a pipeline. */
class LeadContent {
  @Optional() @Text({ max: 200 }) company?: string;
  @Optional() @Email() email?: string;
  @Optional() @Phone() phone?: string;
  @Optional() @WebAddress() site?: string;
  @Optional() @Text({ max: 100 }) city?: string;
  @Optional() @Text({ max: 100 }) state?: string;
  @Optional() @Text({ max: 100 }) country?: string;
  /** A member or an agent of the organization. */
  @Optional() @Uuid() owner_id?: string;
  /** In minor units of the organization's currency. */
  @Optional() @Int({ min: 0, max: 9_007_199_254_740_991 }) value_minor?: number;
  @Optional() @TextList({ max: 50, length: 50 }) tags?: string[];
  @Optional() @FlatMap(CUSTOM_FIELDS) custom_fields?: Record<string, unknown>;
}

export class AmountsKept {
  /** Whether some lead has an amount, or an import may be about to write one. */
  @Flag() amounts!: boolean;
}

export class AmountsHeld {
  /** Until it is released, or half a minute has passed, no amount is taken; null where there are amounts. */
  @Nullable() @Uuid() hold!: string | null;
}

export class ReleaseAmountsRequest {
  @Uuid() hold!: string;
  /** The one that the organization has now; null where it has the one of before. */
  @Nullable() @Currency() currency!: string | null;
}

export class CreateLeadRequest extends LeadContent {
  /**
   * What the lead has instead when absent: its company, address, phone or external id, the first that is there; one
   * must be.
   */
  @Optional() @Text({ max: 200 }) contact_name?: string;
  /** The default pipeline when absent; a lead enters at the pipeline's default stage. */
  @Optional() @Uuid() pipeline_id?: string;
  /** Id in the system the lead comes from; unique in the organization. */
  @Optional() @Text({ max: 200 }) external_id?: string;
}

/** Only what is given changes; `null` clears a field, also inside `custom_fields`. */
export class UpdateLeadRequest {
  @Uuid() id!: string;
  @Optional() @Text({ max: 200 }) contact_name?: string;
  @Optional() @Nullable() @Text({ max: 200 }) company?: string | null;
  @Optional() @Nullable() @Email() email?: string | null;
  @Optional() @Nullable() @Phone() phone?: string | null;
  @Optional() @Nullable() @WebAddress() site?: string | null;
  @Optional() @Nullable() @Text({ max: 100 }) city?: string | null;
  @Optional() @Nullable() @Text({ max: 100 }) state?: string | null;
  @Optional() @Nullable() @Text({ max: 100 }) country?: string | null;
  @Optional() @Nullable() @Uuid() owner_id?: string | null;
  @Optional() @Nullable() @Int({ min: 0, max: 9_007_199_254_740_991 }) value_minor?: number | null;
  @Optional() @Nullable() @TextList({ max: 50, length: 50 }) tags?: string[] | null;
  /** Fields not named here keep their values. */
  @Optional() @FlatMap(CUSTOM_FIELDS) custom_fields?: Record<string, unknown>;
  @Optional() @Int(version) if_match?: number;
}

export class MoveLeadRequest {
  @Uuid() id!: string;
  @Uuid() stage_id!: string;
  @Optional() @Int(version) if_match?: number;
}

export class Lead {
  @Uuid() id!: string;
  @Uuid() pipeline_id!: string;
  @Uuid() stage_id!: string;
  @Text({ max: 200 }) contact_name!: string;
  @Nullable() @Text({ max: 200 }) company!: string | null;
  @Nullable() @Text({ max: 254 }) email!: string | null;
  @Nullable() @Text({ max: 20 }) phone!: string | null;
  @Nullable() @Text({ max: 500 }) site!: string | null;
  @Nullable() @Text({ max: 100 }) city!: string | null;
  @Nullable() @Text({ max: 100 }) state!: string | null;
  @Nullable() @Text({ max: 100 }) country!: string | null;
  @Nullable() @Uuid() owner_id!: string | null;
  @Nullable() @Int({ min: 0, max: 9_007_199_254_740_991 }) value_minor!: number | null;
  @TextList({ max: 50, length: 50 }) tags!: string[];
  @FlatMap(CUSTOM_FIELDS) custom_fields!: Record<string, unknown>;
  @Nullable() @Text({ max: 200 }) external_id!: string | null;
  @Instant() created_at!: string;
  @Instant() updated_at!: string;
  @Int(version) version!: number;
}

/** Of the lead the event is about: where it stands and whose it is; what is in it is asked for where it is kept. */
export class LeadFacts {
  @Uuid() pipeline_id!: string;
  @Uuid() stage_id!: string;
  @Nullable() @Uuid() owner_id!: string | null;
  @Int(version) version!: number;
}

export const LEAD_SORTS = [
  '-created_at',
  'created_at',
  '-updated_at',
  'updated_at',
  'contact_name',
  '-contact_name',
  '-value_minor',
  'value_minor',
] as const;

/** What is told of values that custom fields are compared with. */
const MEASURED =
  'Numbers are compared by how much they are; so are amounts, which name their currency, as `12.5 EUR` does, and are compared with those of the same one; dates are written as 2026-01-31. What is no value of the field’s kind is refused.';

class LeadFilter {
  @Optional() @Uuid() pipeline_id?: string;
  @Optional() @Uuid() stage_id?: string;
  @Optional() @Uuid() owner_id?: string;
  /** Regardless of case, accents and blanks around it; one that leads have with blanks around it, with those. */
  @Optional() @Text({ max: 50, lines: true }) tag?: string;
  /**
   * Part of the contact name, company, e-mail, phone or a custom field, regardless of case, accents and the form of
   * letters.
   */
  @Optional() @Text({ max: 100 }) search?: string;
  /** All of it, regardless of case, accents and the form of letters; so is the country. */
  @Optional() @Text({ max: 100 }) city?: string;
  @Optional() @Text({ max: 100 }) country?: string;
  /** From this moment on. */
  @Optional() @Instant() created_after?: string;
  /** Up to, not including. */
  @Optional() @Instant() created_before?: string;
  @Described(
    'Key of the custom field that `field_is`, `field_from` and `field_to` are about; it goes with one of them.',
  )
  @Optional()
  @Text({ max: 60 })
  field?: string;
  @Described(`The value of the custom field, or one of several. ${MEASURED}`)
  @Optional()
  @Text({ max: 2000, lines: true })
  field_is?: string;
  @Described(`The least value of the custom field, included; not of one with several values. ${MEASURED}`)
  @Optional()
  @Text({ max: 100 })
  field_from?: string;
  @Described(`The greatest value of the custom field, included; not of one with several values. ${MEASURED}`)
  @Optional()
  @Text({ max: 100 })
  field_to?: string;
}

export class CountLeadsRequest extends LeadFilter {}

/** Leads of one stage. */
export class StageCount {
  @Uuid() pipeline_id!: string;
  @Uuid() stage_id!: string;
  @Int({ min: 0, max: 2_000_000_000 }) leads!: number;
}

/** How many leads a filter finds, by stage; stages without any are left out. */
export class LeadCounts {
  @Int({ min: 0, max: 2_000_000_000 }) total!: number;
  @NestedList(() => StageCount, { max: 10_000 }) stages!: StageCount[];
}

export class ListLeadsRequest extends LeadFilter {
  /** One of `LEAD_SORTS`, or `custom_fields.<key>`, with `-` in front for descending. */
  @Optional()
  @Text({
    max: 80,
    pattern: new RegExp(`^(?:${LEAD_SORTS.join('|')}|-?custom_fields\\.[a-z][a-z0-9_]{0,59})$`),
    message: `$property must be one of ${LEAD_SORTS.join(', ')}, custom_fields.<key> or -custom_fields.<key>`,
  })
  sort?: string;
  /**
   * By whose alphabet names and texts are sorted; filled in by the gateway with the organization's, that of all
   * languages together when absent.
   */
  @Optional() @Language() language?: string;
  @Optional() @Int({ min: 1, max: 200 }) limit?: number;
  @Optional() @Text({ max: 2000 }) cursor?: string;
}

export class LeadList {
  /** Fewer than `limit` when the page would outgrow one message; the rest follows by `next_cursor`. */
  @NestedList(() => Lead, { max: 200 }) items!: Lead[];
  @Nullable() @Text({ max: 2000 }) next_cursor!: string | null;
}

export class ExportLeadsRequest extends LeadFilter {
  /** What stands between two cells; a spreadsheet takes that of its region. A comma when absent. */
  @Optional() @Choice(['comma', 'semicolon', 'tab']) separator?: 'comma' | 'semicolon' | 'tab';
  @Optional() @Text({ max: 2000 }) cursor?: string;
}

/** One page of an export; small enough for one message. */
export class LeadExportPage {
  @NestedList(() => Lead, { max: 500 }) items!: Lead[];
  /** Keys of the custom fields that get a column, in order. */
  @TextList({ max: 200, length: 60 }) custom_keys!: string[];
  @Nullable() @Text({ max: 2000 }) next_cursor!: string | null;
}

export const ACTIVITY_KINDS = [
  'created',
  'imported',
  'import_undone',
  'stage_changed',
  'pipeline_moved',
  'owner_changed',
  'field_updated',
  'note_added',
  'email_sent',
  'email_received',
] as const;

export class Activity {
  @Uuid() id!: string;
  @Uuid() lead_id!: string;
  @Choice(ACTIVITY_KINDS) kind!: (typeof ACTIVITY_KINDS)[number];
  @Text({ max: 60 }) actor!: string;
  @Instant() at!: string;
  @FlatMap({ keys: 100, length: 5000 }) detail!: Record<string, unknown>;
}

export class ActivityList {
  @NestedList(() => Activity, { max: 200 }) items!: Activity[];
  @Nullable() @Text({ max: 2000 }) next_cursor!: string | null;
}

export class ListActivitiesRequest extends Page {
  @Uuid() id!: string;
}

export class AddNoteRequest {
  @Uuid() id!: string;
  @Text({ max: 5000, lines: true }) text!: string;
}
