import { AccessChangedEvent, type identityMessages, type orgsMessages, SessionRevokedEvent } from '@apollo/contracts';
import { DomainExceptionFilter, ReactsTo } from '@apollo/messaging';
import { currentTenant } from '@apollo/tenancy';
import { Controller, UseFilters } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { OrgAccess } from './org.access.js';
import { SessionGate } from './session.gate.js';

/** Forgets what the guard knows as soon as it is told that it changed. */
@Controller()
@UseFilters(DomainExceptionFilter)
export class ForgettingController {
  constructor(
    private readonly access: OrgAccess,
    private readonly sessions: SessionGate,
  ) {}

  @ReactsTo(AccessChangedEvent)
  accessChanged(@Payload() event: orgsMessages.AccessChanged): void {
    const { orgId } = currentTenant();
    if (orgId !== null) this.access.forget(orgId, event.user_id);
  }

  @ReactsTo(SessionRevokedEvent)
  sessionRevoked(@Payload() event: identityMessages.SessionRevoked): void {
    this.sessions.forgetPerson(event.user_id);
  }
}
