import {
  DeleteImportMapping,
  DomainError,
  type leadsMessages,
  type Page,
  refusedField,
  SaveImportMapping,
  typeOf,
} from '@apollo/contracts';
import { jsonBytes } from '@apollo/messaging';
import { AuditTrail, CursorCodec } from '@apollo/service-kit';
import { newId, NIL_ID } from '@apollo/tenancy';
import { Injectable } from '@nestjs/common';
import { storedObject } from '../../stored.object.js';
import { ImportDestination } from '../import.destination.js';
import { columnName } from '../csv/csv.headings.js';
import { checkedMapping, customKey } from '../import.mapping.js';
import { columnSettings } from '../plan/import.settings.js';
import { SavedMappingRepository, type SavedMappingRow } from './saved.mapping.repository.js';
import { MOST_MAPPINGS, MOST_SETTINGS } from './saved.mapping.tables.js';

/** Keeps how files of one origin are read, so that the next one needs a name only. */
@Injectable()
export class SavedMappingService {
  constructor(
    private readonly mappings: SavedMappingRepository,
    private readonly destination: ImportDestination,
    private readonly audit: AuditTrail,
    private readonly cursors: CursorCodec,
  ) {}

  async list(request: Page): Promise<leadsMessages.SavedImportMappingList> {
    const page = await this.cursors.page(
      'import-mappings',
      request,
      (after: { id: string } | undefined, limit) => this.mappings.page(after?.id ?? NIL_ID, limit),
      ({ id }) => ({ id }),
    );
    return { ...page, items: page.items.map(mappingOf) };
  }

  /** @throws DomainError `validation_failed` as an import would, `not_found` for a pipeline, `state_conflict` when there are too many */
  async save(request: leadsMessages.SaveImportMappingRequest): Promise<leadsMessages.SavedImportMapping> {
    const { name, ...settings } = request;
    columnSettings(settings);
    if (jsonBytes(settings) > MOST_SETTINGS)
      throw new DomainError('payload_too_large', `A saved mapping has at most ${MOST_SETTINGS} bytes.`);
    if (settings.mapping) checkedMapping({ ...settings, mapping: settings.mapping });
    if (settings.pipeline_id) await this.destination.pipeline(settings.pipeline_id);
    const saved = await this.mappings.save({ id: newId(), name, settings: JSON.stringify(settings) });
    if (!saved) throw new DomainError('state_conflict', `An organization saves at most ${MOST_MAPPINGS} mappings.`);
    await this.audit.done(typeOf(SaveImportMapping), saved.id, { name });
    return mappingOf(saved);
  }

  /** @throws DomainError `not_found` */
  async remove(id: string): Promise<void> {
    if (!(await this.mappings.remove(id))) throw new DomainError('not_found');
    await this.audit.done(typeOf(DeleteImportMapping), id);
  }

  /** What a request says, and where it says nothing what the mapping does that it names. @throws DomainError `validation_failed` */
  async complete<Settings extends leadsMessages.ImportSettings>({
    saved_mapping: name,
    ...settings
  }: Settings): Promise<Omit<Settings, 'saved_mapping'>> {
    if (name === undefined) return settings;
    const saved = await this.mappings.named(name);
    if (!saved) throw refusedField('saved_mapping', 'there is no saved mapping of this name');
    const said = Object.entries(settings).filter(([, value]) => value !== undefined);
    const stored = storedObject(saved.settings) as leadsMessages.FileSettings;
    const kept = settings.mapping ? partOf(stored, settings.mapping) : stored;
    return { ...kept, ...Object.fromEntries(said) } as Omit<Settings, 'saved_mapping'>;
  }
}

/** What is saved of the columns and custom fields that another mapping names. */
function partOf(settings: leadsMessages.FileSettings, mapping: object): leadsMessages.FileSettings {
  const headings = new Set(Object.keys(mapping).map(columnName));
  const keys = new Set(Object.values(mapping).map((target) => customKey(String(target))));
  const part = (entries: object | undefined, isNamed: (name: string) => boolean) =>
    entries && Object.fromEntries(Object.entries(entries).filter(([name]) => isNamed(name)));
  return {
    ...settings,
    kinds: part(settings.kinds, (key) => keys.has(key)),
    options: part(settings.options, (key) => keys.has(key)),
    formats: part(settings.formats, (heading) => headings.has(columnName(heading))),
  };
}

function mappingOf({ id, name, settings, saved_at }: SavedMappingRow): leadsMessages.SavedImportMapping {
  return { ...storedObject(settings), id, name, saved_at: saved_at.toISOString() };
}
