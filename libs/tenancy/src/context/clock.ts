/** Says what time it is. A collaborator, or a last parameter, of everything that asks: specs pass one of their own. */
export type Clock = () => Date;

/** Injection token of the process's clock. */
export const CLOCK = Symbol('clock');

/** The machine's own clock. */
export const systemClock: Clock = () => new Date(Date.now());

/** The moment `ms` milliseconds after `moment`. */
export function later(moment: Date, ms: number): Date {
  return new Date(moment.getTime() + ms);
}
