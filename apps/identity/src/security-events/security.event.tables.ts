import { p, personTable } from '@apollo/tenancy/postgres';

/**
 * What happened to a person's account: ids, words of ours and addresses of the network, never a secret. Append only.
 */
const securityEvents = personTable({
  name: 'SecurityEvent',
  schema: 'identity',
  table: 'security_events',
  access: 'append',
  properties: {
    at: p.datetime(3),
    kind: p.text(),
    sessionId: p.uuid().nullable(),
    address: p.text().nullable(),
    requestId: p.text(),
  },
  indexes: [['at']],
});

export const securityEventTables = [securityEvents];
