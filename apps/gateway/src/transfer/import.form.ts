import {
  CURRENCIES,
  DomainError,
  GetOrg,
  type JsonSchema,
  leadsMessages,
  ListMembers,
  refusedField,
  schemaOf,
} from '@apollo/contracts';
import type { Bus } from '@apollo/messaging';
import { roomFor } from '../http/body.room.js';
import type { Media } from '../http/route.js';
import { parseJsonBody } from '../http/json.parser.js';
import type { Upload } from './upload.reader.js';

/** What is no field of the form: the file's own name, and what only the gateway knows. */
const FILLED_IN = ['owners'];
const MOST_OWNERS = 1_000;
/** What a list is called whose file has no name. */
export const NAMELESS = 'upload.csv';

/** Fields of the form that comes before the file, with their schemas. */
export const FORM_FIELDS: Readonly<Record<string, JsonSchema>> = Object.fromEntries(
  Object.entries(schemaOf(leadsMessages.ImportSettings)['properties'] as Record<string, JsonSchema>).filter(
    ([name]) => !FILLED_IN.includes(name),
  ),
);

const FORM_ROOM = roomFor(FORM_FIELDS);

/** The form as the document describes it. */
export const IMPORT_FORM: Media = {
  type: 'multipart/form-data',
  schema: {
    type: 'object',
    required: ['file'],
    additionalProperties: false,
    properties: {
      ...FORM_FIELDS,
      mapping: {
        ...FORM_FIELDS['mapping'],
        description:
          'JSON: column heading → lead field, or `custom_fields.<key>`; proposed by the headings and cells when absent.',
      },
      file: { type: 'string', format: 'binary', description: 'The CSV file; the last part.' },
    },
  },
};

/**
 * What the form says, types as the contract has them; what does not fit stays as it is, for the contract to refuse.
 *
 * @throws DomainError `malformed_json`
 */
export function settingsOf({ fields }: Upload): leadsMessages.ImportSettings {
  const settings: Record<string, unknown> = {};
  for (const [name, text] of Object.entries(fields)) {
    const { type } = FORM_FIELDS[name] ?? {};
    settings[name] =
      type === 'object' ? jsonOf(name, text) : type === 'integer' && /^\d{1,9}$/.test(text) ? Number(text) : text;
  }
  return settings;
}

/** @throws DomainError `malformed_json` naming the field */
function jsonOf(name: string, text: string): unknown {
  try {
    return parseJsonBody(Buffer.from(text), FORM_ROOM.pieces);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const problem = error.detail.replace(/^The body /, '').replace(/\.$/, '');
    throw new DomainError(error.code, `The field ${name} ${problem}.`, [{ field: name, problem }]);
  }
}

/**
 * Fills in what cells are read by: the organization's currency, country and time zone, and its people where a column may
 * name one.
 *
 * @throws DomainError `validation_failed` for another currency than the organization's: what leads are worth is in that
 */
export async function withOrganization<Settings extends leadsMessages.ImportSettings>(
  bus: Bus,
  settings: Settings,
): Promise<Settings> {
  const { currency, country, time_zone } = await bus.request(GetOrg, {});
  const value_decimals = CURRENCIES.get(currency) ?? 2;
  if (settings.currency !== undefined && settings.currency !== currency)
    throw refusedField('currency', `is not the organization's, ${currency}: a column or its heading says another one`);
  if (settings.value_decimals !== undefined && settings.value_decimals !== value_decimals)
    throw refusedField('value_decimals', `is not what the organization's currency has: ${value_decimals}`);
  const targets = settings.mapping && Object.values(settings.mapping);
  return {
    ...settings,
    currency,
    country: settings.country ?? country ?? undefined,
    time_zone: settings.time_zone ?? time_zone,
    value_decimals,
    ...(!targets || targets.includes('owner') ? { owners: await ownersOf(bus) } : {}),
  };
}

async function ownersOf(bus: Bus): Promise<leadsMessages.ImportOwner[]> {
  const owners: leadsMessages.ImportOwner[] = [];
  let cursor: string | undefined;
  do {
    const page = await bus.request(ListMembers, { limit: 200, cursor });
    owners.push(...page.items.map(({ user_id, name, email }) => ({ user_id, name, email })));
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined && owners.length < MOST_OWNERS);
  return owners.slice(0, MOST_OWNERS);
}
