import type { LeadRow as StoredLead } from '../../leads/lead.row.js';

/** A lead as far as an import may change it. */
export interface KnownLead extends Omit<
  StoredLead,
  'pipeline_id' | 'stage_id' | 'custom_fields' | 'created_at' | 'updated_at'
> {
  pipeline_id: string | null;
  stage_id: string | null;
  custom_fields: Readonly<Record<string, unknown>>;
}

/** A lead that is to be written: a new one, or one that is there with how it was before. */
export interface PlannedLead {
  readonly lead: KnownLead;
  readonly before: KnownLead | null;
  /** Of a new lead, where the file tells. */
  readonly created_at: string | null;
  /** Fields that changed, `custom_fields.<key>` for custom ones. */
  readonly fields: Set<string>;
}
