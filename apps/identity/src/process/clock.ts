/** Tells the time; a parameter of everything that expires. */
export type Clock = () => Date;

/** Injection token of the process's clock. */
export const CLOCK = Symbol('clock');

/** The machine's own clock. */
export const systemClock: Clock = () => new Date();

/** The moment `ms` milliseconds after `moment`. */
export function later(moment: Date, ms: number): Date {
  return new Date(moment.getTime() + ms);
}
