import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import { DomainError } from './errors.js';
import { fieldNames, type MessageClass } from './fields.js';
import { cutTo, MOST_UNKNOWN_REPORTED, type UnknownFields } from './payload.cut.js';
import { surelyValid } from './sure.acceptance.js';

/** One field that was refused: its path with dots, and why. */
export interface FieldProblem {
  readonly field: string;
  readonly problem: string;
}

/** Problems that one refusal tells at most, and characters of what a sender named that stand in one. */
const PROBLEMS_TOLD = 50;
const NAME_TOLD = 100;
const PROBLEM_TOLD = 500;

/** Rules without which a field's others say nothing: of its type, and that something of a text is seen. */
const FIRST = ['isString', 'isInt', 'isArray', 'isObject', 'isIso8601', 'isShown'];

function problems(errors: readonly ValidationError[], prefix = ''): FieldProblem[] {
  return errors.flatMap((error) => {
    const field = `${prefix}${error.property.slice(0, NAME_TOLD)}`;
    const { constraints = {} } = error;
    const first = FIRST.find((rule) => rule in constraints);
    const rules = first === undefined ? Object.values(constraints) : [constraints[first] ?? ''];
    // What a value has to be says nothing to who gave none.
    const isMissing = error.value === undefined && rules.length > 0;
    const told = isMissing ? [`${error.property} is missing`] : rules;
    const own = told.map((problem) => ({ field, problem: problem.slice(0, PROBLEM_TOLD) }));
    return [...own, ...problems(error.children ?? [], `${field}.`)];
  });
}

/**
 * A checked instance of a message class, made of what somebody wants to be sent or done: every rule of its fields holds
 * and nothing else is in it. It takes time in proportion to the payload's size, whatever is in it.
 *
 * @throws DomainError `validation_failed` with the fields that were refused
 */
export function validated<T extends object>(type: MessageClass<T>, payload: unknown): T {
  assertObject(payload);
  const names = fieldNames(type);
  // Before class-transformer, which drops a few names ("constructor") without a word.
  const unknown = Object.keys(payload).filter((field) => !names.has(field));
  if (unknown.length > 0) {
    throw new DomainError(
      'validation_failed',
      'Some fields were refused.',
      unknown
        .slice(0, MOST_UNKNOWN_REPORTED)
        .map((field) => ({ field: field.slice(0, NAME_TOLD), problem: 'no such field' })),
    );
  }
  return checked(type, payload, 'refused');
}

/**
 * A checked instance of a message class, made of what another program of the platform has sent, which may be a later
 * version of it: fields that this one does not know are left out, at any depth; every rule of the others holds.
 *
 * @throws DomainError `validation_failed` with the fields that were refused
 */
export function received<T extends object>(type: MessageClass<T>, payload: unknown): T {
  assertObject(payload);
  const names = fieldNames(type);
  const known = Object.entries(payload).filter(([field]) => names.has(field));
  return checked(type, Object.fromEntries(known), 'left out');
}

function assertObject(payload: unknown): asserts payload is object {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) {
    throw new DomainError('validation_failed', 'The payload must be an object.');
  }
}

/** @param payload has no fields but those of the class; what is in them may have */
function checked<T extends object>(type: MessageClass<T>, payload: object, unknown: UnknownFields): T {
  // class-validator takes a class without rules for an unknown one; such a message has nothing to check.
  if (fieldNames(type).size === 0) return new type();
  if (surelyValid(type, payload)) return Object.assign(new type(), payload);
  const instance = plainToInstance(type, cutTo(type, payload, unknown), { exposeDefaultValues: true });
  const errors = validateSync(instance, {
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    validationError: { target: false, value: true },
  });
  if (errors.length > 0) {
    throw new DomainError('validation_failed', 'Some fields were refused.', problems(errors).slice(0, PROBLEMS_TOLD));
  }
  return instance;
}
