import {
  ListAgentsAuditLog,
  ListAuditLog,
  ListBillingAuditLog,
  ListLeadsAuditLog,
  type orgsMessages,
} from '@apollo/contracts';
import { Controller, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Answers } from '../http/answers.decorator.js';
import { Forwarder } from '../http/forwarder.js';
import { planOf } from '../http/route.plan.js';

const AUDIT_LOG = planOf({
  verb: 'get',
  path: '/v1/orgs/{org}/audit-log',
  contract: ListAuditLog,
  summary: 'Read the audit log: everybody’s entries for Owners and Admins, one’s own for others',
});

/** Whose log is read where the caller names one of them; orgs' own otherwise. */
const BY_SERVICE = new Map([
  ['leads', ListLeadsAuditLog],
  ['agents', ListAgentsAuditLog],
  ['billing-stars', ListBillingAuditLog],
]);

/** Each service keeps its own audit log; the caller says whose. */
@Controller()
export class AuditLogController {
  constructor(private readonly forwarder: Forwarder) {}

  @Answers(AUDIT_LOG, 'orgs')
  async list(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const payload = AUDIT_LOG.asked(request).merge(request) as orgsMessages.AuditLogRequest;
    await this.forwarder.ask(BY_SERVICE.get(payload.service ?? '') ?? ListAuditLog, payload, AUDIT_LOG, request, reply);
  }
}
