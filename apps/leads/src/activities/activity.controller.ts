import { AddNote, leadsMessages, ListActivities } from '@apollo/contracts';
import { Handles } from '@apollo/messaging';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { ActivityService } from './activity.service.js';

@Controller()
export class ActivityController {
  constructor(private readonly activities: ActivityService) {}

  @Handles(ListActivities)
  list(@Payload() request: leadsMessages.ListActivitiesRequest): Promise<leadsMessages.ActivityList> {
    return this.activities.list(request);
  }

  @Handles(AddNote)
  addNote(@Payload() request: leadsMessages.AddNoteRequest): Promise<leadsMessages.Activity> {
    return this.activities.addNote(request);
  }
}
