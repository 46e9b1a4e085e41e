import { OrgCreatedEvent } from '@apollo/contracts';
import { currentTenant, newId } from '@apollo/tenancy';
import type { OutboxRow } from '@apollo/tenancy/postgres';
import type { MsgHdrs } from '@nats-io/nats-core';
import { HEADER } from '../envelope/envelope.codec.js';
import { entityKey, EVENT_HEADER, inEventContext, readEvent, toSign, writeEvent } from './event.envelope.js';
import type { EventVerifier } from './event.seal.js';

const row = {
  org_id: newId(),
  id: newId(),
  type: 'orgs.org.created.v1',
  entity_id: newId(),
  entity_version: 3,
  request_id: 'request-1',
  trace: '00-aa-bb-01',
  body: '{"a":1}',
  created_at: new Date(Date.UTC(2026, 0, 1)),
} as unknown as OutboxRow;

describe('an event on its way', () => {
  const verified: unknown[] = [];
  const verifier = { verify: (...given: unknown[]) => void verified.push(given) } as unknown as EventVerifier;
  beforeEach(() => void (verified.length = 0));
  const write = (of = row) => writeEvent('orgs', OrgCreatedEvent, of, 'the seal');
  const read = ({ subject, headers }: { subject: string; headers?: MsgHdrs }) =>
    readEvent(OrgCreatedEvent, subject, headers, row.body, verifier);
  const told = {
    org: row.org_id,
    id: row.id,
    type: row.type,
    entityId: row.entity_id,
    entityVersion: 3,
    requestId: 'request-1',
    trace: '00-aa-bb-01',
    body: row.body,
  };

  it('says what it is of, as a CloudEvent, and is read back once its seal was looked at', () => {
    const { subject, headers } = write();
    expect(subject).toBe(`evt.${row.org_id}.orgs.org.created.v1`);
    expect(Object.fromEntries([...headers].map(([name, values]) => [name, values.join()]))).toEqual({
      'ce-specversion': '1.0',
      'ce-id': row.id,
      'ce-type': row.type,
      'ce-source': 'orgs',
      'ce-time': '2026-01-01T00:00:00.000Z',
      'ce-orgid': row.org_id,
      'ce-subject': row.entity_id,
      'ce-sequence': '3',
      'content-type': 'application/json',
      'ce-correlationid': 'request-1',
      traceparent: '00-aa-bb-01',
      'apollo-seal': 'the seal',
    });
    expect(read({ subject, headers })).toEqual(told);
    expect(verified).toEqual([['the seal', 'orgs', told]]);
    const { requestId: _request, trace: _trace, ...sealed } = told;
    expect(toSign(row)).toEqual(sealed);
  });

  it('goes without a trace where there is none, and by its own id where no request is named', () => {
    const sent = write({ ...row, trace: null } as OutboxRow);
    expect(sent.headers.has(HEADER.trace)).toBe(false);
    sent.headers.delete(HEADER.correlation);
    expect(read(sent)).toEqual({ ...told, trace: undefined, requestId: row.id });
  });

  const lies: [string, (headers: MsgHdrs) => void][] = [
    ['another version of CloudEvents', (fields) => fields.set(HEADER.specVersion, '2.0')],
    ['another type', (fields) => fields.set(HEADER.type, 'orgs.org.changed.v1')],
    ['another source', (fields) => fields.set(HEADER.source, 'leads')],
    ['another organization', (fields) => fields.set(HEADER.org, newId())],
    ['an id that is none', (fields) => fields.set(HEADER.id, '1')],
    ['an entity that is none', (fields) => fields.set(EVENT_HEADER.entityId, '1')],
    ['a version of nought', (fields) => fields.set(EVENT_HEADER.entityVersion, '0')],
    ['a version in another form', (fields) => fields.set(EVENT_HEADER.entityVersion, '3.0')],
    ['a version that no number holds', (fields) => fields.set(EVENT_HEADER.entityVersion, '9007199254740993')],
    ['a header given twice', (fields) => fields.append(HEADER.id, row.id)],
  ];
  it.each(lies)('is refused with %s, before its seal is looked at', (_what, spoil) => {
    const sent = write();
    spoil(sent.headers);
    expect(() => read(sent)).toThrow(expect.objectContaining({ code: 'message_rejected' }));
    expect(verified).toEqual([]);
  });

  it('is refused on a subject of no organization', () => {
    const sent = write();
    sent.headers.set(HEADER.org, '');
    expect(() => read({ ...sent, subject: 'evt' })).toThrow(expect.objectContaining({ code: 'message_rejected' }));
  });

  it('is of one entity of one organization, and acts for the service that told of it', () => {
    const event = read(write());
    expect(entityKey(OrgCreatedEvent, event)).toBe(`${row.org_id} orgs org ${row.entity_id}`);
    expect(inEventContext(OrgCreatedEvent, event, () => ({ ...currentTenant() }))).toMatchObject({
      scope: 'org',
      orgId: row.org_id,
      actor: 'system:orgs',
      role: 'system',
      requestId: 'request-1',
      trace: '00-aa-bb-01',
    });
  });
});
