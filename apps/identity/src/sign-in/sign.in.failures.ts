import { Injectable } from '@nestjs/common';
import { asPerson } from '../context/person.context.js';
import { AfterReply } from '../process/after.reply.js';
import { SecurityEventLog } from '../security-events/security.event.log.js';

/** Keeps failed sign-ins for the person they were aimed at; after the reply, so that it takes no time of it. */
@Injectable()
export class SignInFailures {
  constructor(
    private readonly events: SecurityEventLog,
    private readonly afterReply: AfterReply,
  ) {}

  /**
   * @param userId of the account that was tried; of nobody's, nothing is kept;
   * @param id of the attempt, which is kept once
   */
  record(userId: string, id: string, address: string): void {
    this.afterReply.run('record failed sign-in', () =>
      asPerson(userId, () => this.events.record('sign_in_failed', { id, address })),
    );
  }
}
