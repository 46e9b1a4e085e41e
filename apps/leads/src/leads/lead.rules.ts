import { type leadsMessages, refusedField } from '@apollo/contracts';
import { ownValue } from '../fields/own.value.js';
import { distinctTags } from './lead.tags.js';

type Lead = leadsMessages.Lead;

/** What a lead consists of besides its place, its id and its times. */
export type LeadContent = Omit<Lead, 'id' | 'pipeline_id' | 'stage_id' | 'created_at' | 'updated_at' | 'version'>;

const LONGEST_NAME = 200;
const PLAIN = ['contact_name', 'company', 'email', 'phone', 'site', 'city', 'state', 'country', 'value_minor'] as const;

/** What a lead without a name is shown by: its company, address, phone or external id, the first that it has and that fits. */
export function standInName({
  company,
  email,
  phone,
  external_id,
}: Readonly<Partial<Record<'company' | 'email' | 'phone' | 'external_id', string | null>>>): string | undefined {
  return [company, email, phone, external_id].find((each) => each != null && each.length <= LONGEST_NAME) ?? undefined;
}

/** The content of a new lead, its custom fields not yet checked. @throws DomainError `validation_failed` where nothing names it */
export function contentOf(request: leadsMessages.CreateLeadRequest): LeadContent {
  const contact_name = request.contact_name ?? standInName(request);
  if (contact_name === undefined)
    throw refusedField(
      'contact_name',
      'must be given where there is no company, email, phone or external_id to show instead',
    );
  return {
    contact_name,
    company: request.company ?? null,
    email: request.email ?? null,
    phone: request.phone ?? null,
    site: request.site ?? null,
    city: request.city ?? null,
    state: request.state ?? null,
    country: request.country ?? null,
    owner_id: request.owner_id ?? null,
    value_minor: request.value_minor ?? null,
    tags: distinctTags(request.tags ?? []),
    custom_fields: withoutNulls(request.custom_fields ?? {}),
    external_id: request.external_id ?? null,
  };
}

/** A lead after an update, and what to tell about it. */
export interface LeadChange {
  readonly lead: Lead;
  /** Names of the fields that changed, `custom_fields.<key>` for custom ones; the owner is told apart. */
  readonly fields: readonly string[];
  readonly owner?: { readonly from: string | null; readonly to: string | null };
}

/**
 * Applies an update: what is absent stays, `null` clears.
 *
 * @param customFields the lead's custom fields after the update, checked
 */
export function changed(
  lead: Lead,
  request: leadsMessages.UpdateLeadRequest,
  customFields: Record<string, unknown>,
): LeadChange {
  const after: Lead = { ...lead, custom_fields: customFields };
  const fields: string[] = [];
  for (const name of PLAIN) {
    const given = request[name];
    if (given === undefined || (name === 'contact_name' && given === null) || given === lead[name]) continue;
    Object.assign(after, { [name]: given });
    fields.push(name);
  }
  if (request.tags !== undefined) {
    // A form that sends back what is there changes nothing.
    after.tags = same(request.tags, lead.tags) ? lead.tags : distinctTags(request.tags ?? []);
    if (!same(after.tags, lead.tags)) fields.push('tags');
  }
  const keys = new Set([...Object.keys(lead.custom_fields), ...Object.keys(customFields)]);
  for (const key of keys) {
    if (!same(ownValue(lead.custom_fields, key), ownValue(customFields, key))) fields.push(`custom_fields.${key}`);
  }
  if (request.owner_id === undefined || request.owner_id === lead.owner_id) return { lead: after, fields };
  after.owner_id = request.owner_id;
  return { lead: after, fields, owner: { from: lead.owner_id, to: request.owner_id } };
}

/** A stage that a lead may be moved to, and whether it takes leads. */
export interface TargetStage {
  readonly pipeline_id: string;
  readonly stage_id: string;
  readonly archived: boolean;
}

/** What a lead's history says about a move. */
export function moveActivity(lead: Lead, target: TargetStage): { kind: string; detail: Record<string, string> } {
  const stages = { from_stage_id: lead.stage_id, to_stage_id: target.stage_id };
  return lead.pipeline_id === target.pipeline_id
    ? { kind: 'stage_changed', detail: stages }
    : {
        kind: 'pipeline_moved',
        detail: { from_pipeline_id: lead.pipeline_id, to_pipeline_id: target.pipeline_id, ...stages },
      };
}

function withoutNulls(map: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(map).filter(([, value]) => value !== null));
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
