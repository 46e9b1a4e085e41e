import { AddNote, DomainError, type leadsMessages, typeOf } from '@apollo/contracts';
import { pageOf } from '@apollo/messaging';
import { AuditTrail, CursorCodec } from '@apollo/service-kit';
import { MAX_ID } from '@apollo/tenancy';
import { Injectable } from '@nestjs/common';
import { activityBytes } from '../leads/page.budget.js';
import { ActivityRepository } from './activity.repository.js';

/** What happened to a lead, and what people note about it. */
@Injectable()
export class ActivityService {
  constructor(
    private readonly activities: ActivityRepository,
    private readonly audit: AuditTrail,
    private readonly cursors: CursorCodec,
  ) {}

  /** Newest first. */
  async list({ id, cursor, limit = 50 }: leadsMessages.ListActivitiesRequest): Promise<leadsMessages.ActivityList> {
    const before = cursor ? this.cursors.open<{ id: string }>('activities', { id }, cursor).id : MAX_ID;
    const found = await this.activities.page(id, before, limit + 1);
    if (!found) throw new DomainError('not_found');
    const { items, last } = pageOf(found, limit, activityBytes);
    return { items, next_cursor: last ? this.cursors.seal('activities', { id }, { id: last.id }) : null };
  }

  async addNote({ id, text }: leadsMessages.AddNoteRequest): Promise<leadsMessages.Activity> {
    const activity = await this.activities.addTo(id, 'note_added', { text }, new Date());
    if (!activity) throw new DomainError('not_found');
    await this.audit.done(typeOf(AddNote), id, { activity_id: activity.id });
    return activity;
  }
}
