import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';
import { derivedKey } from '@apollo/service-kit';
import type { RunEvent } from './run.log.js';

/** Which entry of which run of which organization; ids are unique per organization only. */
export interface LogPlace {
  readonly org: string;
  readonly run: string;
  readonly seq: number;
}

/**
 * Marks what this service writes into the logs of runs. A run goes on by its log, in the name and with the rights of
 * whoever asked, and its organization’s rows are written by any statement that somebody smuggles in: what has no mark
 * is not gone by.
 */
export class LogMarks {
  private readonly key: KeyObject;

  /** @param secretHex a secret of the service, 64 hex digits */
  constructor(secretHex: string) {
    this.key = derivedKey(secretHex, 'run log');
  }

  of(place: LogPlace, event: RunEvent): string {
    return this.code(place, event).toString('base64url');
  }

  /** Whether this service wrote that entry there. */
  isOf(mark: string | null, place: LogPlace, event: RunEvent): boolean {
    const given = Buffer.from(mark ?? '', 'base64url');
    const code = this.code(place, event);
    return given.length === code.length && timingSafeEqual(given, code);
  }

  private code({ org, run, seq }: LogPlace, event: RunEvent): Buffer {
    const said = JSON.stringify([org, run, seq, event], inOrder);
    return createHmac('sha256', this.key).update(said).digest();
  }
}

/** PostgreSQL keeps the members of a JSON object in an order of its own. */
function inOrder(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}
