import { MemberChangedEvent, MemberGoneEvent, MemberJoinedEvent } from '@apollo/contracts';
import { Outbox } from '@apollo/messaging';
import { Injectable } from '@nestjs/common';
import { AccessAnnouncer } from '../access/access.announcer.js';

/**
 * Tells other services and gateways of changes of the acting organization's members, in the transaction of the change.
 */
@Injectable()
export class MemberAnnouncer {
  constructor(
    private readonly outbox: Outbox,
    private readonly access: AccessAnnouncer,
  ) {}

  async joined(id: string, role: string): Promise<void> {
    await this.outbox.emit(MemberJoinedEvent, id, { role });
    await this.access.changed(id);
  }

  async changed(id: string, role: string): Promise<void> {
    await this.outbox.emit(MemberChangedEvent, id, { role });
    await this.access.changed(id);
  }

  async gone(id: string): Promise<void> {
    await this.outbox.emit(MemberGoneEvent, id, {});
    await this.access.changed(id);
  }
}
