interface Schema {
  readonly $ref?: string;
  readonly anyOf?: readonly Schema[];
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly examples?: readonly unknown[];
  readonly format?: string;
  readonly pattern?: string;
  readonly items?: Schema;
  readonly minimum?: number;
  readonly minLength?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

const BY_FORMAT: Readonly<Record<string, string>> = {
  uuid: '01990000-0000-7000-8000-000000000000',
  email: 'name@example.com',
  uri: 'https://example.com',
  'date-time': '2030-01-31T12:00:00Z',
};
const BY_NAME: Readonly<Record<string, string>> = {
  // Not the first there is: who tries an example makes nobody an Owner.
  role: 'member',
  phone: '+353871234567',
  password: 'correct horse battery staple',
  since: '2026-01-31T12:00:00Z',
};
/** Where what must be there is not enough: a cap is changed by its stars. */
const FURTHER: Readonly<Record<string, readonly string[]>> = { SetCapRequest: ['stars'] };
/** Where the least that is allowed does what nobody means: no Stars a month. */
const NUMBERS: Readonly<Record<string, number>> = { stars: 1_000 };
/** Fits every pattern of a key or a slug that messages have, and any length. */
const WORD = 'example';

/**
 * A value that a schema accepts: what it must have; where nothing must be, the first of what it may have.
 *
 * @param schemas what references lead to, by name
 * @param name of the field it is for
 */
export function exampleValue(schema: object, schemas: Readonly<Record<string, object>>, name = ''): unknown {
  const { $ref, anyOf, type, enum: choices, examples, items, properties, required, ...limits } = schema as Schema;
  const title = $ref?.split('/').at(-1) ?? '';
  const named = schemas[title] as Schema | undefined;
  if (named) {
    const more = FURTHER[title];
    return exampleValue(more ? { ...named, required: [...(named.required ?? []), ...more] } : named, schemas, name);
  }
  if (anyOf?.[0]) return exampleValue(anyOf[0], schemas, name);
  const offered = examples ?? choices;
  if (offered) return offered.find((choice) => choice === BY_NAME[name]) ?? offered[0];
  switch (typeof type === 'string' ? type : type?.[0]) {
    case 'object': {
      const fields = required?.length ? required : Object.keys(properties ?? {}).slice(0, 1);
      return Object.fromEntries(
        fields.map((field) => [field, exampleValue(properties?.[field] ?? {}, schemas, field)]),
      );
    }
    case 'array':
      return [exampleValue(items ?? {}, schemas, name)];
    case 'integer':
    case 'number':
      return NUMBERS[name] ?? limits.minimum ?? 1;
    case 'boolean':
      return true;
    default:
      return BY_NAME[name] ?? BY_FORMAT[limits.format ?? ''] ?? WORD.padEnd(limits.minLength ?? 0, `-${WORD}`);
  }
}
