import { Module } from '@nestjs/common';
import { AuditController } from './audit/audit.controller.js';
import { ImportsModule } from './imports/imports.module.js';
import { LeadModule } from './leads/lead.module.js';

/** The leads service: pipelines, custom fields, leads and their history, imports, the audit log of all of them. */
@Module({ imports: [LeadModule, ImportsModule], controllers: [AuditController] })
export class LeadsModule {}
