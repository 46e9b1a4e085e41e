import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import { DomainError } from './errors.js';
import { fieldNames, type MessageClass } from './fields.js';
import { surelyValid } from './sure.acceptance.js';

/** One field that was refused: its path with dots, and why. */
export interface FieldProblem {
  readonly field: string;
  readonly problem: string;
}

function problems(errors: readonly ValidationError[], prefix = ''): FieldProblem[] {
  return errors.flatMap((error) => {
    const field = `${prefix}${error.property}`;
    const own = Object.values(error.constraints ?? {}).map((problem) => ({ field, problem }));
    return [...own, ...problems(error.children ?? [], `${field}.`)];
  });
}

/**
 * A checked instance of a message class: every rule of its fields holds and nothing else is in it.
 *
 * @throws DomainError `validation_failed` with the fields that were refused
 */
export function validated<T extends object>(type: MessageClass<T>, payload: unknown): T {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) {
    throw new DomainError('validation_failed', 'The payload must be an object.');
  }
  const names = fieldNames(type);
  // Before class-transformer, which drops a few names ("constructor") without a word.
  const unknown = Object.keys(payload).filter((field) => !names.has(field));
  if (unknown.length > 0) {
    throw new DomainError(
      'validation_failed',
      'Some fields were refused.',
      unknown.map((field) => ({ field: field.slice(0, 100), problem: 'no such field' })),
    );
  }
  // class-validator takes a class without rules for an unknown one; such a message has nothing to check.
  if (names.size === 0) return new type();
  if (surelyValid(type, payload)) return Object.assign(new type(), payload);
  const instance = plainToInstance(type, payload, { exposeDefaultValues: true });
  const errors = validateSync(instance, {
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    validationError: { target: false, value: false },
  });
  if (errors.length > 0) {
    throw new DomainError('validation_failed', 'Some fields were refused.', problems(errors));
  }
  return instance;
}
