import {
  DeleteImportMapping,
  type Done,
  leadsMessages,
  ListImportMappings,
  Page,
  SaveImportMapping,
} from '@apollo/contracts';
import { Handles } from '@apollo/messaging';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { SavedMappingService } from './saved.mapping.service.js';

@Controller()
export class SavedMappingController {
  constructor(private readonly mappings: SavedMappingService) {}

  @Handles(ListImportMappings)
  list(@Payload() request: Page): Promise<leadsMessages.SavedImportMappingList> {
    return this.mappings.list(request);
  }

  @Handles(SaveImportMapping)
  save(@Payload() request: leadsMessages.SaveImportMappingRequest): Promise<leadsMessages.SavedImportMapping> {
    return this.mappings.save(request);
  }

  @Handles(DeleteImportMapping)
  async remove(@Payload() request: leadsMessages.ObjectRequest): Promise<Done> {
    await this.mappings.remove(request.id);
    return { done: true };
  }
}
