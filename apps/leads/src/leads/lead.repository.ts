import { DomainError, type leadsMessages } from '@apollo/contracts';
import {
  call,
  deletion,
  isForeignKeyViolation,
  isUniqueViolation,
  type Statement,
  statement,
  TenantDatabase,
} from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';
import { AmountRepository, assertTaken } from '../amounts/amount.repository.js';
import { FieldRepository } from '../fields/field.repository.js';
import { MemberRepository, notAMember } from '../members/member.repository.js';
import type { ListedLeadRow } from './lead.order.js';
import type { LeadQueryParams } from './lead.query.js';
import { LEAD_COLUMNS, leadOf, type LeadRow } from './lead.row.js';
import type { TargetStage } from './lead.rules.js';

type Lead = leadsMessages.Lead;
type LeadField = leadsMessages.LeadField;

/** Where a new lead was put. */
export interface LeadPlace {
  readonly pipeline_id: string;
  readonly stage_id: string;
}

interface CreateParams extends Record<string, unknown> {
  id: string;
  activity_id: string;
  pipeline_id: string | null;
}

const one = statement<LeadRow, { id: string }>(
  'lead',
  `select ${LEAD_COLUMNS} from leads.leads where org_id = :org and id = :id`,
);
const locked = statement<LeadRow, { id: string }>(
  'lead for update',
  `select ${LEAD_COLUMNS} from leads.leads where org_id = :org and id = :id for update`,
);

/*
 * Finds the stage where leads enter, puts the lead there and opens its history, in one statement. That stage cannot be
 * archived, so nothing needs to be locked before it is looked at.
 */
const create = (pipeline: string): Statement<LeadPlace, CreateParams> =>
  statement<LeadPlace, CreateParams>(
    `create lead where ${pipeline}`,
    `
  with target as (
    select s.pipeline_id, s.id as stage_id
    from leads.pipelines p join leads.stages s on s.org_id = :org and s.pipeline_id = p.id and s.is_default
    where p.org_id = :org and ${pipeline} and not p.archived),
  lead as (
    insert into leads.leads (org_id, id, pipeline_id, stage_id, contact_name, company, email, phone, site, city, state, country, owner_id,
      value_minor, tags, custom_fields, external_id, created_at, updated_at, version)
    select :org, :id::uuid, target.pipeline_id, target.stage_id, :contact_name::text, :company::text, :email::text, :phone::text, :site::text, :city::text,
      :state::text, :country::text, :owner_id::uuid, :value_minor::bigint, :tags::text[], :custom_fields::jsonb, :external_id::text,
      :created_at::timestamptz, :created_at::timestamptz, 1
    from target returning pipeline_id, stage_id),
  entry as (
    insert into leads.activities (org_id, id, lead_id, kind, actor, at, detail)
    select :org, :activity_id::uuid, :id::uuid, 'created', :actor::text, :created_at::timestamptz, '{}' from lead)
  select pipeline_id, stage_id from lead`,
  );
const createInDefault = create('p.is_default');
const createInNamed = create('p.id = :pipeline_id');

const pipelineKnown = statement<{ archived: boolean }, { id: string }>(
  'pipeline known',
  'select archived from leads.pipelines where org_id = :org and id = :id',
);
// Locked as the foreign key will lock it, but before it is looked at: a stage being archived meanwhile is seen as archived.
const stageForMove = statement<TargetStage, { id: string }>(
  'stage for move',
  `
  select s.pipeline_id, s.id as stage_id, s.archived or p.archived as archived
  from leads.stages s join leads.pipelines p on p.org_id = :org and p.id = s.pipeline_id
  where s.org_id = :org and s.id = :id for key share of s`,
);
const save = statement<object, Record<string, unknown>>(
  'save lead',
  `
  update leads.leads set pipeline_id = :pipeline_id, stage_id = :stage_id, contact_name = :contact_name, company = :company, email = :email, phone = :phone,
    site = :site, city = :city, state = :state, country = :country, owner_id = :owner_id, value_minor = :value_minor, tags = :tags,
    custom_fields = :custom_fields, updated_at = :updated_at, version = :version
  where org_id = :org and id = :id`,
);
const remove = statement<{ id: string }, { id: string; version: number | null }>(
  'delete lead',
  deletion('leads.leads', 'org_id = :org and id = :id and (:version::int is null or version = :version::int)'),
);

/** Leads as rows. */
@Injectable()
export class LeadRepository {
  constructor(
    private readonly database: TenantDatabase,
    private readonly fields: FieldRepository,
    private readonly members: MemberRepository,
    private readonly amounts: AmountRepository,
  ) {}

  query(target: Statement<ListedLeadRow, LeadQueryParams>, params: LeadQueryParams): Promise<ListedLeadRow[]> {
    return this.database.query(target, params);
  }

  counts(
    target: Statement<leadsMessages.StageCount, LeadQueryParams>,
    params: LeadQueryParams,
  ): Promise<leadsMessages.StageCount[]> {
    return this.database.query(target, params);
  }

  /** As `query`, with the organization's custom fields in the same round trip. */
  async queryWithFields(
    target: Statement<ListedLeadRow, LeadQueryParams>,
    params: LeadQueryParams,
  ): Promise<{ rows: ListedLeadRow[]; fields: LeadField[] }> {
    const [rows, fields] = await this.database.batch([call(target, params), this.fields.allCall]);
    return { rows, fields };
  }

  async find(id: string): Promise<Lead | undefined> {
    const [row] = await this.database.query(one, { id });
    return row && leadOf(row);
  }

  /**
   * The lead, locked until the transaction ends, and the custom fields it may have.
   *
   * @param ownerId who is to own it, if anybody: no member, or one who stays until the transaction ends. Members are locked
   *   before leads, by everybody
   */
  async findForUpdate(
    id: string,
    ownerId: string | null,
  ): Promise<{ lead: Lead | undefined; fields: LeadField[]; isMember: boolean }> {
    const [members, [row], fields] = await this.database.batch([
      this.members.heldCall(ownerId),
      call(locked, { id }),
      this.fields.allCall,
    ]);
    return { lead: row && leadOf(row), fields, isMember: members.length > 0 };
  }

  /** The lead, locked, and the stage it is to be moved to, which cannot be archived until the transaction ends. */
  async findForMove(id: string, stageId: string): Promise<{ lead: Lead | undefined; target: TargetStage | undefined }> {
    const [[row], [target]] = await this.database.batch([call(locked, { id }), call(stageForMove, { id: stageId })]);
    return { lead: row && leadOf(row), target };
  }

  /**
   * Puts a new lead into a pipeline, the default one when none is named, and opens its history.
   *
   * @returns where it is now, or nothing when there is no such pipeline or it takes no leads; and the organization's
   *   custom fields when the lead has any, for checking them before the transaction ends
   * @throws DomainError `external_id_taken`; `validation_failed` for an owner who is no member
   */
  async create(
    lead: Omit<Lead, keyof LeadPlace>,
    activityId: string,
    pipelineId: string | undefined,
  ): Promise<{ place: LeadPlace | undefined; fields: LeadField[] }> {
    const params: CreateParams = {
      ...columns(lead),
      id: lead.id,
      activity_id: activityId,
      pipeline_id: pipelineId ?? null,
    };
    const insert = call(pipelineId === undefined ? createInDefault : createInNamed, params);
    const needsFields = Object.keys(lead.custom_fields).length > 0;
    try {
      const [[place], fields, holds] = await this.database.batch([
        insert,
        needsFields ? this.fields.allCall : null,
        lead.value_minor === null ? null : this.amounts.foundCall,
      ]);
      if (place) assertTaken(holds[0]);
      return { place, fields };
    } catch (error) {
      if (isUniqueViolation(error, 'external_id')) throw new DomainError('external_id_taken');
      if (isForeignKeyViolation(error, 'leads_owner')) throw notAMember();
      throw error;
    }
  }

  /** Whether the organization has the pipeline, in use or archived. */
  async pipelineExists(id: string): Promise<boolean> {
    return (await this.database.query(pipelineKnown, { id })).length > 0;
  }

  /** Before an amount is saved. @throws DomainError `service_unavailable` while the organization's currency changes */
  assertAmountsTaken(pipelineId: string): Promise<void> {
    return this.amounts.assertTakenIn(pipelineId);
  }

  /** Writes a lead that was locked before; travels with the commit. */
  async save(lead: Lead): Promise<void> {
    await this.database.transaction(async (transaction) => transaction.defer(save, columns(lead)));
  }

  /** False when there is no such lead. Its history goes with it. */
  async remove(id: string, version: number | undefined): Promise<boolean> {
    return (await this.database.query(remove, { id, version: version ?? null })).length > 0;
  }
}

function columns(lead: Omit<Lead, keyof LeadPlace>): Record<string, unknown> {
  return { ...lead, custom_fields: JSON.stringify(lead.custom_fields) };
}
