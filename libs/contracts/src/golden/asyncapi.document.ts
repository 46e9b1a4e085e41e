import { DURABLE_EVENTS } from '../catalog.js';
import { entityOf, type EventContract, typeOf } from '../message/contract.js';
import { type JsonSchema, referredClasses, schemaOf } from '../message/fields.js';

/** CloudEvents 1.0 in NATS binary mode: the body is the payload alone, everything else is in headers. */
const HEADERS: JsonSchema = {
  type: 'object',
  required: [
    'ce-specversion',
    'ce-id',
    'ce-type',
    'ce-source',
    'ce-time',
    'ce-orgid',
    'ce-subject',
    'ce-sequence',
    'apollo-seal',
  ],
  properties: {
    'ce-specversion': { const: '1.0' },
    'ce-id': { type: 'string', format: 'uuid', description: 'The same whenever the event is delivered again.' },
    'ce-type': { type: 'string' },
    'ce-source': { type: 'string', description: 'The service that tells.' },
    'ce-time': { type: 'string', format: 'date-time' },
    'ce-orgid': { type: 'string', format: 'uuid', description: 'The organization; the same as in the subject.' },
    'ce-subject': { type: 'string', format: 'uuid', description: 'The id of what the event tells of.' },
    'ce-sequence': { type: 'string', description: 'Counts 1, 2, 3 … for each thing that is told of, without a gap.' },
    'apollo-seal': {
      type: 'string',
      description:
        'A signed token (EdDSA) of the service over the root of a hash tree (RFC 9162), then, each after a tilde, a salt and the steps from this event to the root: l or r and the neighbour’s SHA-256. The event’s leaf is the JSON array of salt, organization, id, type, subject, sequence (a number) and body.',
    },
  },
};

/** The AsyncAPI 3 document of every durable event, made from the contracts: the text of `docs/asyncapi.json`. */
export function asyncApiDocument(): string {
  const named = (make: (event: EventContract) => object): object =>
    Object.fromEntries(DURABLE_EVENTS.map((event) => [typeOf(event), make(event)]));
  const document = {
    asyncapi: '3.0.0',
    info: {
      title: 'Apollo Space: durable events',
      version: '1.0.0',
      license: { name: 'Apache-2.0' },
      description:
        'Generated from the contracts. Every event is an organization’s; delivery is at least once and in order for each thing told of. Handle each `ce-id` once.',
    },
    defaultContentType: 'application/json',
    channels: named((event) => ({
      address: `evt.{org}.${typeOf(event)}`,
      description: `Of one ${entityOf(event)}; delivered by the stream ${event.service}-events.`,
      parameters: { org: { description: 'Id of the organization.' } },
      messages: { event: { $ref: `#/components/messages/${typeOf(event)}` } },
    })),
    operations: named((event) => ({
      action: 'send',
      channel: { $ref: `#/channels/${typeOf(event)}` },
      summary: told(event),
    })),
    components: {
      messages: named((event) => ({
        name: typeOf(event),
        headers: { $ref: '#/components/schemas/EventHeaders' },
        payload: { $ref: `#/components/schemas/${event.request.name}` },
      })),
      schemas: { EventHeaders: HEADERS, ...schemasOf(DURABLE_EVENTS) },
    },
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function told({ consumers, permission }: EventContract): string {
  const services = consumers.length > 0 ? `Taken by ${consumers.join(', ')}. ` : '';
  return `${services}${permission ? `Shown to members who may ${permission}.` : 'Shown to nobody.'}`;
}

function schemasOf(events: readonly EventContract[]): Record<string, JsonSchema> {
  const own = Object.fromEntries(events.map(({ request }) => [request.name, schemaOf(request)]));
  const mentioned = JSON.stringify(own);
  const nested = [...referredClasses()]
    .filter(([name]) => mentioned.includes(`/${name}"`))
    .map(([name, type]) => [name, schemaOf(type)] as const);
  return { ...own, ...Object.fromEntries(nested) };
}
