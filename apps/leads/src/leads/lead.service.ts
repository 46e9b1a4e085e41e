import {
  CreateLead,
  DeleteLead,
  DomainError,
  LeadChangedEvent,
  LeadCreatedEvent,
  LeadDeletedEvent,
  type leadsMessages,
  MoveLead,
  typeOf,
  UpdateLead,
} from '@apollo/contracts';
import { Outbox } from '@apollo/messaging';
import { assertVersion, AuditTrail } from '@apollo/service-kit';
import { newId } from '@apollo/tenancy';
import { Injectable } from '@nestjs/common';
import { ActivityRepository } from '../activities/activity.repository.js';
import { assertRoom, withCustomFields } from '../fields/custom.field.rules.js';
import { notAMember } from '../members/member.repository.js';
import { DefaultPipeline } from '../pipelines/default.pipeline.js';
import { LeadRepository } from './lead.repository.js';
import { changed, contentOf, moveActivity } from './lead.rules.js';

type Lead = leadsMessages.Lead;

/** What happens to one lead. Every change is in its history and in the audit log, or did not happen. */
@Injectable()
export class LeadService {
  constructor(
    private readonly leads: LeadRepository,
    private readonly activities: ActivityRepository,
    private readonly defaultPipeline: DefaultPipeline,
    private readonly audit: AuditTrail,
    private readonly outbox: Outbox,
  ) {}

  async get(id: string): Promise<Lead> {
    return existing(await this.leads.find(id));
  }

  /**
   * @throws DomainError `not_found` or `state_conflict` for the pipeline, `external_id_taken`, `validation_failed`,
   *   `service_unavailable` for an amount while the currency changes
   */
  async create(request: leadsMessages.CreateLeadRequest, now: Date): Promise<Lead> {
    // What is given travels with the insert before it is checked against the fields that there are.
    assertRoom(request.custom_fields ?? {});
    const at = now.toISOString();
    const draft = { id: newId(), ...contentOf(request), created_at: at, updated_at: at, version: 1 };
    const pipelineId = request.pipeline_id ?? undefined;
    const activityId = newId();
    let { place, fields } = await this.leads.create(draft, activityId, pipelineId);
    if (!place && pipelineId === undefined) {
      await this.defaultPipeline.ensure();
      ({ place, fields } = await this.leads.create(draft, activityId, pipelineId));
    }
    if (!place) throw await this.closedPipeline(pipelineId);
    const custom_fields = withCustomFields(fields, {}, draft.custom_fields);
    await this.audit.done(typeOf(CreateLead), draft.id, { ...place });
    const lead = { ...draft, ...place, custom_fields };
    // Kept in the one form that its fields have, which were read with the insert.
    if (JSON.stringify(custom_fields) !== JSON.stringify(draft.custom_fields)) await this.leads.save(lead);
    await this.outbox.emit(LeadCreatedEvent, lead.id, factsOf(lead));
    return lead;
  }

  /**
   * @throws DomainError `not_found`, `etag_mismatch`, `validation_failed`, `service_unavailable` for an amount while the
   *   currency changes
   */
  async update(request: leadsMessages.UpdateLeadRequest, now: Date): Promise<Lead> {
    const { lead: found, fields, isMember } = await this.leads.findForUpdate(request.id, request.owner_id ?? null);
    const lead = existing(found);
    assertVersion(lead.version, request.if_match);
    const change = changed(lead, request, withCustomFields(fields, lead.custom_fields, request.custom_fields ?? {}));
    if (change.fields.length === 0 && !change.owner) return lead;
    if (change.owner && change.owner.to !== null && !isMember) throw notAMember();
    if (change.lead.value_minor !== null && change.lead.value_minor !== lead.value_minor)
      await this.leads.assertAmountsTaken(lead.pipeline_id);
    const saved = await this.save(change.lead, now);
    if (change.fields.length > 0) await this.activities.add(saved, 'field_updated', { fields: [...change.fields] });
    if (change.owner) await this.activities.add(saved, 'owner_changed', { ...change.owner });
    await this.audit.done(typeOf(UpdateLead), lead.id, {
      fields: change.owner ? [...change.fields, 'owner_id'] : change.fields,
    });
    return saved;
  }

  /** Moves to a stage of the same or of another pipeline. @throws DomainError `state_conflict` when that is archived */
  async move(request: leadsMessages.MoveLeadRequest, now: Date): Promise<Lead> {
    const { lead: found, target } = await this.leads.findForMove(request.id, request.stage_id);
    const lead = existing(found);
    if (!target) throw new DomainError('not_found');
    assertVersion(lead.version, request.if_match);
    if (target.stage_id === lead.stage_id) return lead;
    if (target.archived) throw new DomainError('state_conflict', 'An archived stage or pipeline takes no leads.');
    const { kind, detail } = moveActivity(lead, target);
    const saved = await this.save({ ...lead, pipeline_id: target.pipeline_id, stage_id: target.stage_id }, now);
    await this.activities.add(saved, kind, detail);
    await this.audit.done(typeOf(MoveLead), lead.id, detail);
    return saved;
  }

  /** @throws DomainError `not_found`, `etag_mismatch` */
  async remove({ id, if_match }: leadsMessages.VersionedObjectRequest): Promise<void> {
    if (!(await this.leads.remove(id, if_match))) {
      existing(await this.leads.find(id));
      throw new DomainError('etag_mismatch');
    }
    await this.audit.done(typeOf(DeleteLead), id);
    await this.outbox.emit(LeadDeletedEvent, id, {});
  }

  private async save(lead: Lead, now: Date): Promise<Lead> {
    const saved = { ...lead, updated_at: now.toISOString(), version: lead.version + 1 };
    await this.leads.save(saved);
    await this.outbox.emit(LeadChangedEvent, saved.id, factsOf(saved));
    return saved;
  }

  private async closedPipeline(id: string | undefined): Promise<DomainError> {
    return id !== undefined && (await this.leads.pipelineExists(id))
      ? new DomainError('state_conflict', 'An archived pipeline takes no leads.')
      : new DomainError('not_found');
  }
}

function existing(lead: Lead | undefined): Lead {
  if (!lead) throw new DomainError('not_found');
  return lead;
}

function factsOf({ pipeline_id, stage_id, owner_id, version }: Lead): leadsMessages.LeadFacts {
  return { pipeline_id, stage_id, owner_id, version };
}
