import { ListAgentsAuditLog, orgsMessages } from '@apollo/contracts';
import { Handles, mayNow } from '@apollo/messaging';
import { AuditTrail } from '@apollo/service-kit';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';

@Controller()
export class AuditController {
  constructor(private readonly audit: AuditTrail) {}

  @Handles(ListAgentsAuditLog)
  list(@Payload() request: orgsMessages.AuditLogRequest): Promise<orgsMessages.AuditLog> {
    return this.audit.list(request, mayNow('audit.read-all'));
  }
}
