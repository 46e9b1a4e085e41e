import { CreateLeadField, leadsMessages, ListLeadFields, Page, UpdateLeadField } from '@apollo/contracts';
import { Handles } from '@apollo/messaging';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { FieldService } from './field.service.js';

@Controller()
export class FieldController {
  constructor(private readonly fields: FieldService) {}

  @Handles(ListLeadFields)
  list(@Payload() request: Page): Promise<leadsMessages.LeadFieldList> {
    return this.fields.list(request);
  }

  @Handles(CreateLeadField)
  create(@Payload() request: leadsMessages.CreateLeadFieldRequest): Promise<leadsMessages.LeadField> {
    return this.fields.createOwn(request);
  }

  @Handles(UpdateLeadField)
  update(@Payload() request: leadsMessages.UpdateLeadFieldRequest): Promise<leadsMessages.LeadField> {
    return this.fields.update(request);
  }
}
