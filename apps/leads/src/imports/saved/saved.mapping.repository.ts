import { deletion, statement, TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';
import { MOST_MAPPINGS } from './saved.mapping.tables.js';

/** A saved mapping as a row. */
export interface SavedMappingRow {
  readonly id: string;
  readonly name: string;
  /** What `FileSettings` has, or what SQL wrote there. */
  readonly settings: unknown;
  readonly saved_at: Date;
}

interface NewMapping extends Record<string, unknown> {
  readonly id: string;
  readonly name: string;
  /** JSON. */
  readonly settings: string;
}

const COLUMNS = 'id, name, settings, saved_at';
const page = statement<SavedMappingRow, { after: string; limit: number }>(
  'saved mappings',
  `select ${COLUMNS} from leads.import_mappings where org_id = :org and id > :after order by id limit :limit`,
);
const named = statement<SavedMappingRow, { name: string }>(
  'saved mapping',
  `select ${COLUMNS} from leads.import_mappings where org_id = :org and lower(name) = lower(:name)`,
);
const save = statement<SavedMappingRow, NewMapping>(
  'save mapping',
  `
  insert into leads.import_mappings (org_id, id, name, settings, saved_at)
  select :org, :id::uuid, :name::text, :settings::jsonb, now()
  where (select count(*) from leads.import_mappings where org_id = :org and lower(name) <> lower(:name::text)) < ${MOST_MAPPINGS}
  on conflict (org_id, lower(name)) do update set name = excluded.name, settings = excluded.settings, saved_at = excluded.saved_at
  returning ${COLUMNS}`,
);
const remove = statement<{ id: string }, { id: string }>(
  'delete mapping',
  deletion('leads.import_mappings', 'org_id = :org and id = :id'),
);

/** How an organization has its files read, by name. */
@Injectable()
export class SavedMappingRepository {
  constructor(private readonly database: TenantDatabase) {}

  page(after: string, limit: number): Promise<SavedMappingRow[]> {
    return this.database.query(page, { after, limit });
  }

  async named(name: string): Promise<SavedMappingRow | undefined> {
    return (await this.database.query(named, { name }))[0];
  }

  /** Under a name that exists, in its place. Nothing when the organization has as many as it may have. */
  async save(mapping: NewMapping): Promise<SavedMappingRow | undefined> {
    return (await this.database.query(save, mapping))[0];
  }

  /** False when there is no such mapping. */
  async remove(id: string): Promise<boolean> {
    return (await this.database.query(remove, { id })).length > 0;
  }
}
