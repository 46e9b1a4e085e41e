import type { JSONSchema7, JSONSchema7Definition } from '@ai-sdk/provider';

/** Schemas in one another that are looked into. */
const DEEPEST = 8;
/** Characters of a text that a schema's own expression is tried on. */
const LONGEST_TRIED = 500;

const FORMATS: Readonly<Record<string, RegExp>> = {
  uuid: /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i,
  email: /^[^\s@]{1,64}@[^\s@]{1,190}$/,
};

/**
 * @returns whether a value is one of the schema's. Where the schema says something that is not known here, it is not:
 *   no call is made of which nobody can say whether it will be understood.
 */
export function fitsSchema(schema: JSONSchema7Definition, value: unknown, depth = DEEPEST): boolean {
  if (typeof schema === 'boolean') return schema;
  if (depth === 0 || schema.$ref !== undefined || schema.not !== undefined || schema.if !== undefined) return false;
  const fits = (inner: JSONSchema7Definition) => fitsSchema(inner, value, depth - 1);
  return (
    isOfType(schema, value) &&
    (schema.enum?.some((one) => one === value) ?? true) &&
    (schema.const === undefined || schema.const === value) &&
    (schema.allOf?.every(fits) ?? true) &&
    (schema.anyOf?.some(fits) ?? true) &&
    (schema.oneOf === undefined || schema.oneOf.filter(fits).length === 1) &&
    (typeof value !== 'string' || fitsText(schema, value)) &&
    (typeof value !== 'number' || fitsNumber(schema, value)) &&
    (!Array.isArray(value) || fitsList(schema, value, depth)) &&
    (typeof value !== 'object' || value === null || Array.isArray(value) || fitsObject(schema, value, depth))
  );
}

function isOfType({ type }: JSONSchema7, value: unknown): boolean {
  if (type === undefined) return true;
  return [type].flat().some((name) => {
    if (name === 'integer') return Number.isInteger(value);
    if (name === 'array') return Array.isArray(value);
    if (name === 'null') return value === null;
    return typeof value === name && value !== null && !Array.isArray(value);
  });
}

function fitsText({ minLength = 0, maxLength = Infinity, pattern, format }: JSONSchema7, text: string): boolean {
  const length = [...text].length;
  if (length < minLength || length > maxLength) return false;
  if (format !== undefined && !(FORMATS[format]?.test(text) ?? false)) return false;
  return pattern === undefined || (text.length <= LONGEST_TRIED && new RegExp(pattern, 'u').test(text));
}

function fitsNumber(schema: JSONSchema7, number: number): boolean {
  const { minimum = -Infinity, maximum = Infinity, exclusiveMinimum = -Infinity, exclusiveMaximum = Infinity } = schema;
  const isWhole = schema.multipleOf === undefined || Number.isInteger(number / schema.multipleOf);
  return number >= minimum && number <= maximum && number > exclusiveMinimum && number < exclusiveMaximum && isWhole;
}

function fitsList(schema: JSONSchema7, list: readonly unknown[], depth: number): boolean {
  const { minItems = 0, maxItems = Infinity, uniqueItems = false, items = true } = schema;
  if (Array.isArray(items) || schema.contains !== undefined) return false;
  const isUnique = !uniqueItems || new Set(list.map((item) => JSON.stringify(item))).size === list.length;
  const inBounds = list.length >= minItems && list.length <= maxItems;
  return inBounds && isUnique && list.every((item) => fitsSchema(items, item, depth - 1));
}

function fitsObject(schema: JSONSchema7, object: object, depth: number): boolean {
  const { properties = {}, required = [], additionalProperties = true } = schema;
  const { minProperties = 0, maxProperties = Infinity } = schema;
  if (schema.patternProperties ?? schema.propertyNames ?? schema.dependencies) return false;
  const entries = Object.entries(object);
  const inBounds = entries.length >= minProperties && entries.length <= maxProperties;
  const hasAll = required.every((key) => Object.hasOwn(object, key));
  const fits = entries.every(([key, held]) =>
    fitsSchema(Object.hasOwn(properties, key) ? (properties[key] ?? true) : additionalProperties, held, depth - 1),
  );
  return inBounds && hasAll && fits;
}
