import type { VariableKind } from './variable.kinds.js';

/** The variables that a process was given. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Thrown at start when the environment does not make sense; one clear line for the operator. */
export class ConfigurationError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ConfigurationError';
  }
}

/**
 * The variables of an environment, read one by one. What is wrong with them is gathered, to be said at once; what is
 * given for a variable that is wrong means nothing, and is used nowhere.
 */
export class Variables {
  private readonly problems: string[] = [];

  constructor(private readonly environment: Environment) {}

  /** A variable that must be set; set to nothing is not. */
  required<T>(name: string, kind: VariableKind<T>): T {
    const text = this.environment[name];
    if (!text) return this.refuse(`${name} is not set: it must be ${kind.form}`);
    return this.read(name, text, kind);
  }

  /** A variable that may be left out. @param absent its value then */
  optional<T, Absent>(name: string, kind: VariableKind<T>, absent: Absent): T | Absent {
    const text = this.environment[name];
    return text ? this.read(name, text, kind) : absent;
  }

  /** Whether a variable is set to anything. */
  has(name: string): boolean {
    return Boolean(this.environment[name]);
  }

  /** Notes what is wrong with variables that are right one by one. @param problem names them, and shows no value */
  refuse(problem: string): never {
    this.problems.push(problem);
    return undefined as never;
  }

  /** @throws ConfigurationError that says everything that is wrong, in one line */
  assertRight(): void {
    if (this.problems.length > 0) throw new ConfigurationError(this.problems.join('; '));
  }

  /** Values stay unsaid: a variable of a wrong form may hold a password all the same. */
  private read<T>(name: string, text: string, kind: VariableKind<T>): T {
    return kind.read(text) ?? this.refuse(`${name} is wrong: it must be ${kind.form}`);
  }
}

/**
 * Reads an environment.
 *
 * @param read what to read of it
 * @throws ConfigurationError that names every variable at fault, and says what it must be
 */
export function readVariables<T>(environment: Environment, read: (variables: Variables) => T): T {
  const variables = new Variables(environment);
  const value = read(variables);
  variables.assertRight();
  return value;
}
