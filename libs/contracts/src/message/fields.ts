import 'reflect-metadata';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsISO8601,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  Max,
  Min,
  registerDecorator,
  ValidateNested,
} from 'class-validator';
import {
  composedUpTo,
  emailCheck,
  formedAll,
  isMoment,
  lengthCheck,
  lineCheck,
  manyLines,
  marksProblem,
  oneLine,
  phoneCheck,
  phoneForm,
  rememberCheck,
  shownCheck,
  type TextCheck,
  trimmedUpTo,
  unplainProblem,
  uuidCheck,
  uuidShape,
  webAddressCheck,
} from './field.checks.js';
import { composedMap, LIST_IN_MAP, mapProblem } from './flat.map.js';
import { OVERMARKED } from './text.form.js';
import { countryCheck, currencyCheck, languageCheck, timeZoneCheck } from '../names/public.names.js';

/** The subset of JSON Schema 2020-12 that the fields produce, as embedded in OpenAPI 3.1. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** A message class: plain data whose fields carry their rules. */
export type MessageClass<T = object> = new () => T;

/** What is known of a field besides its rules; a schema that refers to another class is made when it is asked for. */
export interface FieldFacts {
  schema: JsonSchema | (() => JsonSchema);
  optional: boolean;
  /** Null is a value of it; where it is not, null in an optional field counts as left out. */
  nullable: boolean;
}

const fieldsOf = new Map<object, Map<string, FieldFacts>>();

function remember(target: object, property: string | symbol, schema: FieldFacts['schema']): void {
  const fields = fieldsOf.get(target) ?? new Map<string, FieldFacts>();
  fieldsOf.set(target, fields);
  const known = fields.get(String(property));
  fields.set(String(property), { schema, optional: known?.optional ?? false, nullable: known?.nullable ?? false });
}

function field(schema: FieldFacts['schema'], ...rules: PropertyDecorator[]): PropertyDecorator {
  return (target, property) => {
    rules.forEach((rule) => rule(target, property));
    remember(target, property, schema);
  };
}

/** A text field whose rules are also there as a plain function; see `textCheck`. */
function textField(check: TextCheck | undefined, schema: JsonSchema, ...rules: PropertyDecorator[]): PropertyDecorator {
  const decorate = field(schema, ...rules);
  return (target, property) => {
    decorate(target, property);
    if (check) rememberCheck(target, String(property), check);
  };
}

/** The fields of a message class by name, those of its base class first. */
export function allFields(type: MessageClass): Map<string, FieldFacts> {
  const inherited = Object.getPrototypeOf(type.prototype) as object;
  const base = inherited && inherited !== Object.prototype ? allFields(inherited.constructor as MessageClass) : [];
  return new Map([...base, ...(fieldsOf.get(type.prototype as object) ?? [])]);
}

const knownNames = new WeakMap<MessageClass, ReadonlySet<string>>();

/** Names of a message class's fields, those of its base class included. */
export function fieldNames(type: MessageClass): ReadonlySet<string> {
  const names = knownNames.get(type) ?? new Set(allFields(type).keys());
  knownNames.set(type, names);
  return names;
}

/** JSON Schema of a message class: closed, with required fields listed. Nested classes become `$ref`s by class name. */
export function schemaOf(type: MessageClass): JsonSchema {
  const fields = [...allFields(type)];
  return {
    type: 'object',
    additionalProperties: false,
    required: fields.filter(([, facts]) => !facts.optional).map(([name]) => name),
    properties: Object.fromEntries(
      fields.map(([name, facts]) => [name, typeof facts.schema === 'function' ? facts.schema() : facts.schema]),
    ),
  };
}

const nestedClasses = new Map<string, MessageClass>();

/** Every message class that some field refers to, by name; filled as schemas are read. */
export function referredClasses(): ReadonlyMap<string, MessageClass> {
  return nestedClasses;
}

const COMPONENTS = '#/components/schemas/';

/** The class that a schema refers to. */
export function referredClass(schema: JsonSchema): MessageClass | undefined {
  const { $ref: reference } = schema;
  return typeof reference === 'string' ? nestedClasses.get(reference.slice(COMPONENTS.length)) : undefined;
}

function reference(type: MessageClass): JsonSchema {
  const known = nestedClasses.get(type.name);
  if (known && known !== type) {
    throw new Error(`Two message classes are named ${type.name}`);
  }
  nestedClasses.set(type.name, type);
  return { $ref: `${COMPONENTS}${type.name}` };
}

/** The field may be left out; `null` counts as left out on the way in. */
export function Optional(): PropertyDecorator {
  return (target, property) => {
    IsOptional()(target, property);
    const fields = fieldsOf.get(target) ?? new Map<string, FieldFacts>();
    fieldsOf.set(target, fields);
    const known = fields.get(String(property));
    fields.set(String(property), { schema: known?.schema ?? {}, optional: true, nullable: known?.nullable ?? false });
  };
}

/** The field may be null: in a reply it is always present; in a request, beneath `@Optional()`, null clears it. */
export function Nullable(): PropertyDecorator {
  return (target, property) => {
    IsOptional()(target, property);
    const known = fieldsOf.get(target)?.get(String(property));
    if (!known) throw new Error(`@Nullable() stands above the field's own decorator: ${String(property)}`);
    const inner = known.schema;
    known.nullable = true;
    known.schema = () => ({ anyOf: [typeof inner === 'function' ? inner() : inner, { type: 'null' }] });
  };
}

/** Says in documents what the field means. */
export function Described(description: string): PropertyDecorator {
  return (target, property) => {
    const known = fieldsOf.get(target)?.get(String(property));
    if (!known) throw new Error(`@Described() stands above the field's own decorator: ${String(property)}`);
    const inner = known.schema;
    known.schema = () => ({ ...(typeof inner === 'function' ? inner() : inner), description });
  };
}

function inOneForm(form: (text: string) => string): PropertyDecorator {
  return Transform(({ value }: { value: unknown }) => formedAll(value, form));
}

/** A secret that somebody chose or was given: nothing about it is changed or read. At most `max` characters. */
export function Secret(limits: { min?: number; max: number }): PropertyDecorator {
  const { min = 1, max } = limits;
  return field(
    { type: 'string', minLength: min, maxLength: max },
    IsString(),
    textRule('hasLength', lengthCheck(min, max)),
    Matches(oneLine, { message: '$property holds control characters' }),
  );
}

/**
 * Text that people read, of one line and then without blanks around it, or of more with `lines`: in Unicode's composed
 * form, without control characters and without what turns the direction of text, at most `max` characters, one of which
 * can be seen.
 */
export function Text(limits: {
  min?: number;
  max: number;
  lines?: boolean;
  pattern?: RegExp;
  message?: string;
}): PropertyDecorator {
  const { min = 1, max, lines = false, pattern } = limits;
  const rules = [
    IsString(),
    textRule('hasLength', lengthCheck(min, max)),
    Matches(lines ? manyLines : oneLine, { message: ({ value }) => `$property ${unplainProblem(String(value))}` }),
    inOneForm(lines ? composedUpTo(max) : trimmedUpTo(max)),
    textRule('isShown', shownCheck),
  ];
  if (pattern) rules.push(Matches(pattern, limits.message ? { message: limits.message } : {}));
  const check = lines || pattern ? undefined : lineCheck(max);
  return textField(
    check,
    { type: 'string', minLength: min, maxLength: max, ...(pattern ? { pattern: pattern.source } : {}) },
    ...rules,
  );
}

/** An id: the lower-case text form of a UUID. */
export function Uuid(): PropertyDecorator {
  return textField(
    uuidCheck,
    { type: 'string', format: 'uuid' },
    Matches(uuidShape, { message: '$property must be a lower-case UUID' }),
  );
}

/**
 * A rule of ours: what a value has to be, and what is said of one that is not, `$property` standing for the field's
 * name.
 */
function rule(
  name: string,
  holds: (value: unknown) => boolean,
  refusal: (value: unknown) => string,
): PropertyDecorator {
  return (target, property) =>
    registerDecorator({
      name,
      target: target.constructor,
      propertyName: String(property),
      validator: { validate: holds, defaultMessage: (refused) => refusal(refused?.value) },
    });
}

function textRule(name: string, check: TextCheck): PropertyDecorator {
  return rule(
    name,
    (value) => typeof value === 'string' && check(value) === null,
    (value) => `$property ${typeof value === 'string' ? check(value) : 'must be a string'}`,
  );
}

/** Characters of a text that a pattern bounds: a phone number, a code of a list. */
const LONGEST_WORD = 60;
const formOf = (schema: JsonSchema) => trimmedUpTo(Number(schema['maxLength'] ?? LONGEST_WORD));

/**
 * The decorator of a rule that is a check of text in its one form, without blanks around it: said once, asked here and
 * by imports.
 */
function checkedText(name: string, check: TextCheck, schema: JsonSchema, form = formOf(schema)): PropertyDecorator {
  return textField(check, schema, inOneForm(form), textRule(name, check));
}

/** An e-mail address, at most 254 characters; compared case-insensitively by the services. */
export function Email(): PropertyDecorator {
  return checkedText('isAddress', emailCheck, { type: 'string', format: 'email', maxLength: 254 });
}

/** A phone number with the code of its country; in E.164 from then on, e.g. `+4930123456`, however it was written. */
export function Phone(): PropertyDecorator {
  return checkedText('isE164', phoneCheck, { type: 'string', pattern: '^\\+[1-9]\\d{6,14}$' }, phoneForm);
}

/** An http(s) address, at most 500 characters. */
export function WebAddress(): PropertyDecorator {
  return checkedText('isWebAddress', webAddressCheck, { type: 'string', format: 'uri', maxLength: 500 });
}

/** A time zone by the IANA name of a place, or UTC; one that every service and its database know. */
export function TimeZone(): PropertyDecorator {
  return checkedText('isTimeZone', timeZoneCheck, {
    type: 'string',
    maxLength: 60,
    examples: ['Europe/Berlin', 'UTC'],
  });
}

/** A country, ISO 3166-1 alpha-2. */
export function Country(): PropertyDecorator {
  return checkedText('isCountry', countryCheck, { type: 'string', pattern: '^[A-Z]{2}$', examples: ['DE'] });
}

/** A currency in use, ISO 4217. */
export function Currency(): PropertyDecorator {
  return checkedText('isCurrency', currencyCheck, { type: 'string', pattern: '^[A-Z]{3}$', examples: ['EUR'] });
}

/** A language, BCP 47: in any writing on the way in. */
export function Language(): PropertyDecorator {
  return checkedText('isLanguage', languageCheck, { type: 'string', maxLength: 35, examples: ['pt-BR'] });
}

/** A whole number within limits. */
export function Int({ min, max }: { min: number; max: number }): PropertyDecorator {
  return field({ type: 'integer', minimum: min, maximum: max }, IsInt(), Min(min), Max(max));
}

/** True or false. */
export function Flag(): PropertyDecorator {
  return field({ type: 'boolean' }, IsBoolean());
}

/** Decorates a property of these values, which may be left out or null where other decorators allow it. */
type PropertyOf<Value> = <Name extends string>(owner: { [key in Name]?: Value | null }, name: Name) => void;

/** One of a closed list of words; the property's type names the same ones. */
export function Choice<const Word extends string>(values: readonly Word[]): PropertyOf<Word> {
  return field({ type: 'string', enum: [...values] }, IsIn([...values]));
}

/** A moment: ISO 8601, UTC on the way out. */
export function Instant(): PropertyDecorator {
  return field(
    { type: 'string', format: 'date-time' },
    IsISO8601({ strict: true, strictSeparator: true }),
    textRule('hasLength', lengthCheck(0, 40)),
    rule(
      'isMoment',
      (value) => typeof value === 'string' && isMoment(value),
      () => '$property must be a moment',
    ),
  );
}

/** Another message class. */
export function Nested(type: () => MessageClass): PropertyDecorator {
  return field(() => reference(type()), IsObject(), ValidateNested(), Type(type));
}

/** A list of message classes, at most `max`. */
export function NestedList(type: () => MessageClass, limits: { max: number }): PropertyDecorator {
  return field(
    () => ({ type: 'array', maxItems: limits.max, items: reference(type()) }),
    IsArray(),
    ArrayMaxSize(limits.max),
    ValidateNested({ each: true }),
    Type(type),
  );
}

/** A list of short texts, at most `max` of `length` characters each. */
export function TextList(limits: { max: number; length: number }): PropertyDecorator {
  const check = lineCheck(limits.length);
  return field(
    { type: 'array', maxItems: limits.max, items: { type: 'string', minLength: 1, maxLength: limits.length } },
    IsArray(),
    ArrayMaxSize(limits.max),
    inOneForm(composedUpTo(limits.length)),
    rule(
      'areTexts',
      (value) =>
        Array.isArray(value) &&
        value.every((text) => typeof text === 'string' && text.length > 0 && check(text) === null),
      (value) =>
        Array.isArray(value) && value.some((text) => typeof text === 'string' && marksProblem(text) !== null)
          ? `a value in $property ${OVERMARKED}`
          : `each value in $property must be a text of 1 to ${limits.length} characters that can be seen`,
    ),
  );
}

/** A flat map of text keys to text, number, boolean, null or a list of texts: custom fields, mappings, details. */
export function FlatMap(limits: { keys: number; length: number }): PropertyDecorator {
  const value = { type: ['string', 'number', 'boolean', 'null', 'array'] };
  const description = `At most ${limits.keys} keys; texts of at most ${limits.length} characters, lists of at most ${LIST_IN_MAP} values.`;
  // Taken as it is: class-transformer would otherwise try to make instances of its values, and of what a key named
  // "constructor" holds.
  return field(
    { type: 'object', description, maxProperties: limits.keys, additionalProperties: value },
    rule(
      'isFlatMap',
      (map) => mapProblem(map, limits) === null,
      (map) => mapProblem(map, limits) ?? '',
    ),
    Type(() => Object),
    Transform(({ obj, key }) => composedMap((obj as Record<string, unknown>)[key], limits)),
  );
}
