import { AddNote, DomainError, type leadsMessages, typeOf } from '@apollo/contracts';
import { AuditTrail, CursorCodec } from '@apollo/service-kit';
import { type Clock, CLOCK, MAX_ID } from '@apollo/tenancy';
import { Inject, Injectable } from '@nestjs/common';
import { activityBytes } from '../leads/page.budget.js';
import { ActivityRepository } from './activity.repository.js';

/** What happened to a lead, and what people note about it. */
@Injectable()
export class ActivityService {
  constructor(
    private readonly activities: ActivityRepository,
    private readonly audit: AuditTrail,
    private readonly cursors: CursorCodec,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Newest first. */
  list(request: leadsMessages.ListActivitiesRequest): Promise<leadsMessages.ActivityList> {
    const read = async (before: { id: string } | undefined, limit: number): Promise<leadsMessages.Activity[]> => {
      const found = await this.activities.page(request.id, before?.id ?? MAX_ID, limit);
      if (!found) throw new DomainError('not_found');
      return found;
    };
    return this.cursors.page('activities', request, read, ({ id }) => ({ id }), activityBytes);
  }

  async addNote({ id, text }: leadsMessages.AddNoteRequest): Promise<leadsMessages.Activity> {
    const activity = await this.activities.addTo(id, 'note_added', { text }, this.clock());
    if (!activity) throw new DomainError('not_found');
    await this.audit.done(typeOf(AddNote), id, { activity_id: activity.id });
    return activity;
  }
}
