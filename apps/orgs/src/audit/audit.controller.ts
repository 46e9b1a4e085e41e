import { ListAuditLog, orgsMessages, RecordDenial, typeOf } from '@apollo/contracts';
import { Handles, mayNow } from '@apollo/messaging';
import { AuditTrail } from '@apollo/service-kit';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';

@Controller()
export class AuditController {
  constructor(private readonly audit: AuditTrail) {}

  @Handles(ListAuditLog)
  list(@Payload() request: orgsMessages.AuditLogRequest): Promise<orgsMessages.AuditLog> {
    return this.audit.list(request, mayNow('audit.read-all'));
  }

  @Handles(RecordDenial)
  async recordDenial(@Payload() request: orgsMessages.DenialRequest): Promise<{ done: boolean }> {
    const { request_type, action, not_recorded } = request;
    if (not_recorded === undefined)
      await this.audit.denied(request_type, null, { code: 'forbidden', permission: action });
    else await this.audit.denied(typeOf(RecordDenial), null, { not_recorded, newest: request_type });
    return { done: true };
  }
}
