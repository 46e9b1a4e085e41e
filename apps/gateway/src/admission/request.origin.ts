import type { IncomingMessage } from 'node:http';
import { newId } from '@apollo/tenancy';

/** The caller's own request id if it is fit for logs and audit entries, else a new one. */
export function requestIdOf(raw: Pick<IncomingMessage, 'headers'>): string {
  const given = raw.headers['x-request-id'];
  return typeof given === 'string' && /^[\w.-]{8,64}$/.test(given) ? given : newId();
}

/** The caller's W3C trace, if it is one. */
export function traceOf(raw: Pick<IncomingMessage, 'headers'>): string | undefined {
  const given = raw.headers['traceparent'];
  return typeof given === 'string' && /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/.test(given)
    ? given
    : undefined;
}
