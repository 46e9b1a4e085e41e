import type { orgsMessages } from '@apollo/contracts';
import { currentTenant } from '@apollo/tenancy';
import { call, functionCall, statement, TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';

/** A row of `orgs.organizations`. */
export interface OrgRow {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly description: string | null;
  readonly country: string | null;
  readonly time_zone: string;
  readonly language: string;
  readonly currency: string;
  readonly mfa_required: boolean;
  readonly status: 'active' | 'suspended' | 'deleted';
  readonly created_at: Date;
  readonly purge_after: Date | null;
  readonly version: number;
}

/** What an Owner or Admin may set. */
export type OrgSettings = Pick<
  OrgRow,
  'name' | 'description' | 'country' | 'time_zone' | 'language' | 'currency' | 'mfa_required'
>;

/** How the row's organization stands: gone for good, or as operators decided last. */
export const orgStatus = "case when o.status = 'deleted' then o.status else orgs.own_standing() end";

const orgColumns = `o.id, o.slug, o.name, o.description, o.country, o.time_zone, o.language, o.currency, o.mfa_required,
  ${orgStatus} as status, o.created_at, o.purge_after, o.version`;

/** The acting organization's own row. */
export const findOrg = statement<OrgRow>(
  'find own org',
  `select ${orgColumns} from orgs.organizations o where o.org_id = :org and o.id = :org`,
);
const nameAndStatus = statement<Pick<OrgRow, 'name' | 'status'>>(
  'own org as it is listed',
  `select o.name, ${orgStatus} as status from orgs.organizations o where o.org_id = :org and o.id = :org`,
);
const insert = statement<object, Omit<OrgSettings, 'mfa_required'> & { slug: string; now: Date }>(
  'insert org',
  `insert into orgs.organizations (org_id, id, slug, name, description, country, time_zone, language, currency, created_at)
   values (:org, :org, :slug, :name, :description, :country, :time_zone, :language, :currency, :now)`,
);
const update = statement<OrgRow, OrgSettings>(
  'update org',
  `update orgs.organizations o set name = :name, description = :description, country = :country, time_zone = :time_zone, language = :language,
     currency = :currency, mfa_required = :mfa_required, version = version + 1 where o.org_id = :org and o.id = :org returning ${orgColumns}`,
);
const close = functionCall<{ until: Date | null }, { by: string; request_id: string; trace: string | null }>(
  'close org',
  'select orgs.close_org(:by, :request_id, :trace) as until',
);

/** The acting organization's own row; its slug's entry in the directory follows from it. */
@Injectable()
export class OrgRepository {
  constructor(private readonly database: TenantDatabase) {}

  async find(): Promise<OrgRow | undefined> {
    return (await this.database.query(findOrg, {}))[0];
  }

  /** What a list of a person's organizations says of it: nothing that the organization could have made unreadable. */
  async nameAndStatus(): Promise<Pick<OrgRow, 'name' | 'status'> | undefined> {
    return (await this.database.query(nameAndStatus, {}))[0];
  }

  /** @throws a unique violation of `slugs_pkey` when the slug is or was another organization's */
  async insert(org: Omit<OrgSettings, 'mfa_required'> & { slug: string; now: Date }): Promise<OrgRow> {
    const [, [row]] = await this.database.batch([call(insert, org), call(findOrg, {})]);
    return row as OrgRow;
  }

  async update(settings: OrgSettings): Promise<OrgRow> {
    const [row] = await this.database.query(update, settings);
    return row as OrgRow;
  }

  /**
   * Closes every way in, and writes down what others are told of it; the rows stay until they are purged, the slug for
   * good.
   *
   * @returns from when on they are purged; undefined where it was not open
   */
  async close(): Promise<Date | undefined> {
    const { actor, requestId, trace } = currentTenant();
    const [row] = await this.database.query(close, { by: actor, request_id: requestId, trace: trace ?? null });
    return row?.until ?? undefined;
  }
}

/** The row as the contracts tell it. */
export function organizationOf(row: OrgRow): orgsMessages.Organization {
  const { purge_after: _purgeAfter, created_at, ...rest } = row;
  return { ...rest, created_at: created_at.toISOString() };
}

/** The row as other services are told of it. @throws Error for a deleted one, of which they are told that alone */
export function factsOf({ slug, time_zone, currency, status }: OrgRow): orgsMessages.OrgFacts {
  if (status === 'deleted') throw new Error('a deleted organization has no facts to tell');
  return { slug, time_zone, currency, status };
}
