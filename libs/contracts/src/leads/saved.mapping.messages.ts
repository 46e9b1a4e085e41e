import { Instant, NestedList, Nullable, Text, Uuid } from '../message/fields.js';
import { FileSettings } from './import.messages.js';

/** How files of one origin are read, under a name that imports may use. The same name again replaces it. */
export class SaveImportMappingRequest extends FileSettings {
  @Text({ max: 100 }) name!: string;
}

export class SavedImportMapping extends FileSettings {
  @Uuid() id!: string;
  @Text({ max: 100 }) name!: string;
  @Instant() saved_at!: string;
}

export class SavedImportMappingList {
  @NestedList(() => SavedImportMapping, { max: 200 }) items!: SavedImportMapping[];
  @Nullable() @Text({ max: 2000 }) next_cursor!: string | null;
}
