import { DomainError } from '@apollo/contracts';
import type { MsgHdrs } from '@nats-io/nats-core';

/**
 * Reads headers of which none may be given twice.
 *
 * @returns the value of a header by its name; `''` for one that is not there. It throws DomainError `message_rejected`
 *   for one that is there more than once
 */
export function singleHeaders(fields: MsgHdrs | undefined): (name: string) => string {
  const given = new Map(fields);
  return (name) => {
    const values = given.get(name) ?? [];
    if (values.length > 1) throw new DomainError('message_rejected', `The header ${name} is given twice.`);
    return values[0] ?? '';
  };
}
