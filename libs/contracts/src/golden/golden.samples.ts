import { type JsonSchema, type MessageClass, referredClasses, schemaOf } from '../message/fields.js';

/** Texts for the fields whose pattern a made-up text would not fit, by property name. */
const FITTING: Readonly<Record<string, string>> = {
  mark: '768',
  slug: 'north-star',
  country: 'DE',
  currency: 'EUR',
  time_zone: 'Europe/Berlin',
  language: 'de',
  key: 'industry',
  phone: '+4930123456',
  sha256: 'ab'.repeat(32),
  delimiter: ';',
  sort: '-created_at',
};

/** A message that fills every field of its class, the same on every run. */
export function sampleOf(type: MessageClass): Record<string, unknown> {
  return sampleObject(schemaOf(type));
}

function sampleObject(schema: JsonSchema): Record<string, unknown> {
  const properties = (schema['properties'] ?? {}) as Record<string, JsonSchema>;
  return Object.fromEntries(Object.entries(properties).map(([name, field]) => [name, sampleValue(name, field)]));
}

function sampleValue(name: string, schema: JsonSchema): unknown {
  if (typeof schema['$ref'] === 'string') return sampleOf(referred(schema['$ref']));
  if (Array.isArray(schema['anyOf'])) return sampleValue(name, schema['anyOf'][0] as JsonSchema);
  if (Array.isArray(schema['enum'])) return schema['enum'][0];
  switch (schema['type']) {
    case 'array':
      return [sampleValue(name, schema['items'] as JsonSchema)];
    case 'object':
      return { note: 'text', amount: 2.5, listed: ['one', 'two'] };
    case 'integer':
      return schema['minimum'];
    case 'boolean':
      return true;
    default:
      return sampleText(name, schema);
  }
}

function sampleText(name: string, schema: JsonSchema): string {
  const formats: Readonly<Record<string, string>> = {
    uuid: '01890a5d-ac96-774b-bcce-b302099a8057',
    email: 'ada@example.com',
    uri: 'https://example.com/about',
    'date-time': '2026-03-01T09:30:00.000Z',
  };
  const format = formats[String(schema['format'])];
  if (format) return format;
  if (schema['pattern']) return FITTING[name] ?? 'example';
  return (FITTING[name] ?? name)
    .padEnd(Number(schema['minLength'] ?? 1), 'x')
    .slice(0, Number(schema['maxLength'] ?? 1000));
}

function referred(reference: string): MessageClass {
  const type = referredClasses().get(reference.split('/').pop() ?? '');
  if (!type) throw new Error(`Unknown message class ${reference}`);
  return type;
}
