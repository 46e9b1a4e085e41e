import { HEADER } from '@apollo/messaging';
import { newId } from '@apollo/tenancy';
import { headers, type MsgHdrs } from '@nats-io/transport-node';

/** A context token's length and alphabet, without its meaning: nobody checks it here. */
const CONTEXT_TOKEN = `${'e'.repeat(64)}.${'y'.repeat(330)}.${'J'.repeat(86)}`;

/** The headers of our envelope, as many and as long. */
export function envelopeHeaders(org: string): MsgHdrs {
  const now = Date.now();
  const fields = headers();
  fields.set(HEADER.specVersion, '1.0');
  fields.set(HEADER.id, newId());
  fields.set(HEADER.type, 'leads.list-leads.v1');
  fields.set(HEADER.source, 'gateway');
  fields.set(HEADER.time, new Date(now).toISOString());
  fields.set(HEADER.org, org);
  fields.set(HEADER.correlation, newId());
  fields.set(HEADER.expires, String(now + 5_000));
  fields.set(HEADER.context, CONTEXT_TOKEN);
  return fields;
}

/** The header of our answers. */
export function answerHeaders(): MsgHdrs {
  const fields = headers();
  fields.set(HEADER.status, 'ok');
  return fields;
}
