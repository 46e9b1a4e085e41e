import type { leadsMessages } from '@apollo/contracts';
import { storedObject } from '../stored.object.js';

/** A row of `leads.leads`, as far as a reply shows it. */
export interface LeadRow {
  id: string;
  pipeline_id: string;
  stage_id: string;
  contact_name: string;
  company: string | null;
  email: string | null;
  phone: string | null;
  site: string | null;
  city: string | null;
  state: string | null;
  country: string | null;
  owner_id: string | null;
  /** bigint, as text. */
  value_minor: string | null;
  tags: string[];
  custom_fields: unknown;
  external_id: string | null;
  /** ISO 8601, UTC. */
  created_at: string;
  updated_at: string;
  version: number;
}

// Written out by the database: a Date of each moment, made and unmade, would be the larger part of reading a row.
const iso = (column: string): string =>
  `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as ${column}`;

/** The columns of `LeadRow`. Moments come out as text of the same name: sort by `l.created_at`, not by `created_at`. */
export const LEAD_COLUMNS =
  'id, pipeline_id, stage_id, contact_name, company, email, phone, site, city, state, country, owner_id, value_minor, ' +
  `tags, custom_fields, external_id, ${iso('created_at')}, ${iso('updated_at')}, version`;

/** A lead as it is told. */
export function leadOf(row: LeadRow): leadsMessages.Lead {
  return {
    id: row.id,
    pipeline_id: row.pipeline_id,
    stage_id: row.stage_id,
    contact_name: row.contact_name,
    company: row.company,
    email: row.email,
    phone: row.phone,
    site: row.site,
    city: row.city,
    state: row.state,
    country: row.country,
    owner_id: row.owner_id,
    // Within safe range: nothing larger is let in.
    value_minor: row.value_minor === null ? null : Number(row.value_minor),
    tags: row.tags,
    custom_fields: storedObject(row.custom_fields),
    external_id: row.external_id,
    created_at: row.created_at,
    updated_at: row.updated_at,
    version: row.version,
  };
}
