import {
  CountLeads,
  CreateLead,
  DeleteLead,
  Done,
  ExportLeads,
  GetLead,
  leadsMessages,
  ListLeads,
  MoveLead,
  UpdateLead,
} from '@apollo/contracts';
import { Handles } from '@apollo/messaging';
import { type Clock, CLOCK } from '@apollo/tenancy';
import { Controller, Inject } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { LeadList } from './lead.list.js';
import { LeadService } from './lead.service.js';

@Controller()
export class LeadController {
  constructor(
    private readonly leads: LeadService,
    private readonly pages: LeadList,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Handles(ListLeads)
  list(@Payload() request: leadsMessages.ListLeadsRequest): Promise<leadsMessages.LeadList> {
    return this.pages.list(request);
  }

  @Handles(CountLeads)
  count(@Payload() request: leadsMessages.CountLeadsRequest): Promise<leadsMessages.LeadCounts> {
    return this.pages.count(request);
  }

  @Handles(ExportLeads)
  export(@Payload() request: leadsMessages.ExportLeadsRequest): Promise<leadsMessages.LeadExportPage> {
    return this.pages.export(request);
  }

  @Handles(GetLead)
  get(@Payload() request: leadsMessages.ObjectRequest): Promise<leadsMessages.Lead> {
    return this.leads.get(request.id);
  }

  @Handles(CreateLead)
  create(@Payload() request: leadsMessages.CreateLeadRequest): Promise<leadsMessages.Lead> {
    return this.leads.create(request, this.clock());
  }

  @Handles(UpdateLead)
  update(@Payload() request: leadsMessages.UpdateLeadRequest): Promise<leadsMessages.Lead> {
    return this.leads.update(request, this.clock());
  }

  @Handles(MoveLead)
  move(@Payload() request: leadsMessages.MoveLeadRequest): Promise<leadsMessages.Lead> {
    return this.leads.move(request, this.clock());
  }

  @Handles(DeleteLead)
  async remove(@Payload() request: leadsMessages.VersionedObjectRequest): Promise<Done> {
    await this.leads.remove(request);
    return { done: true };
  }
}
