import { ListBillingAuditLog, may, orgsMessages } from '@apollo/contracts';
import { Handles } from '@apollo/messaging';
import { AuditTrail } from '@apollo/service-kit';
import { currentTenant } from '@apollo/tenancy';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';

@Controller()
export class AuditController {
  constructor(private readonly audit: AuditTrail) {}

  @Handles(ListBillingAuditLog)
  list(@Payload() request: orgsMessages.AuditLogRequest): Promise<orgsMessages.AuditLog> {
    return this.audit.list(request, may(currentTenant().role, 'audit.read-all'));
  }
}
