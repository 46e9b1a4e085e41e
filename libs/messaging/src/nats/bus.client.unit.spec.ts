import { DomainError, GetLead, SessionRevokedEvent } from '@apollo/contracts';
import { newId } from '@apollo/tenancy';
import { asPlatform, twoOrgs } from '@apollo/testing';
import { errors, headers, type Msg, type MsgHdrs, type NatsConnection } from '@nats-io/nats-core';
import { AnswerReader } from '../envelope/answer.seal.js';
import { HEADER } from '../envelope/envelope.codec.js';
import { HEADER_BYTES } from '../envelope/header.limit.js';
import { serviceKeys } from '../envelope/service.keys.spec.js';
import { Bus } from './bus.client.js';

interface Asked {
  readonly subject: string;
  readonly body: string;
  readonly fields: MsgHdrs;
}

describe('a process on the bus', () => {
  const [a, b] = twoOrgs();
  const asked: Asked[] = [];
  const told: { subject: string; body: string }[] = [];
  /** What is answered next. */
  let answer: () => Msg;
  const { gateway, leads, orgs } = serviceKeys('gateway', 'leads', 'orgs');
  const connection = {
    request: async (subject: string, body: string, { headers: fields }: { headers: MsgHdrs }) => {
      asked.push({ subject, body, fields });
      return answer();
    },
    publish: (subject: string, body: string) => void told.push({ subject, body }),
  } as unknown as NatsConnection;
  /** As leads would, unless somebody else does. */
  const answered = (
    status: string,
    body: object,
    more?: MsgHdrs,
    headerBytes = 0,
    by = leads,
    to = asked.at(-1),
  ): Msg => {
    const all = more ?? headers();
    all.set(HEADER.status, status);
    const fields = to?.fields ?? headers();
    const { answerKey } = leads.verifier.verify(fields.get(HEADER.context), Date.now());
    const data = by.sealer.seal(answerKey, fields.get(HEADER.id), { fields: all, body: JSON.stringify(body) });
    const size = (): number => 'subject'.length + data.length + headerBytes;
    return { subject: 'subject', data, headers: all, size } as unknown as Msg;
  };

  const unsealed = (body: object): Msg => {
    const message = { ...answered('ok', body), data: Buffer.from(JSON.stringify(body)) };
    message.headers?.delete(HEADER.seal);
    return message;
  };
  const changed = (message: Msg, name: string, to: string): Msg => (message.headers?.set(name, to), message);
  const bus = new Bus('gateway', gateway, connection);
  beforeEach(() => void (asked.length = told.length = 0));
  const id = newId();
  const ask = () => a.as(() => bus.request(GetLead, { id }));

  it('asks within the acting organization, and gives the answer with the version it names', async () => {
    const named = headers();
    named.set(HEADER.etag, '"3"');
    answer = () => answered('ok', { id }, named);
    const { etag } = await b.as(() => bus.requestRaw(GetLead, { id }));
    expect([await ask(), etag]).toEqual([{ id }, '"3"']);
    const body = JSON.stringify({ id });
    expect(asked).toMatchObject([b, a].map((org) => ({ subject: `rpc.${org.id}.leads.get-lead.v1`, body })));
  });

  it('is told the error that was answered', async () => {
    answer = () => answered('error', { code: 'not_found', detail: 'No such lead.' });
    await expect(ask()).rejects.toMatchObject({ code: 'not_found', detail: 'No such lead.' });
    expect(asked).toHaveLength(1);
  });

  it.each<[string, () => Msg]>([
    ['has no seal', () => unsealed({ id })],
    ['another service sealed', () => answered('ok', { id }, undefined, 0, orgs)],
    ['answers something else', () => answered('ok', { id }, undefined, 0, leads, asked.at(0))],
    ['was changed on its way', () => ({ ...answered('ok', { id }), data: new TextEncoder().encode('{}') }) as Msg],
    ['is given another version', () => changed(answered('ok', { id }), HEADER.etag, '"4"')],
    ['is made a refusal', () => changed(answered('ok', { id }), HEADER.status, 'error')],
  ])('believes no answer that %s, and asks another process of the service', async (_which, forged) => {
    const sound = (): Msg => answered('ok', { id });
    answer = sound;
    expect(await ask()).toEqual({ id });
    answer = () => {
      answer = sound;
      return forged();
    };
    expect(await ask()).toEqual({ id });
    expect(asked).toHaveLength(3);
    answer = forged;
    const asking = a.as(() => bus.request(GetLead, { id }, { timeoutMs: 300 }));
    await expect(asking).rejects.toMatchObject({ code: 'service_unavailable' });
  });

  it('believes an answer without a seal while services of the release before run, and none with a wrong one', async () => {
    const { signer, verifier } = gateway;
    const patient = new Bus('gateway', { signer, answers: new AnswerReader(signer, verifier, true) }, connection);
    const asking = () => a.as(() => patient.request(GetLead, { id }, { timeoutMs: 300 }));
    answer = () => unsealed({ id });
    expect(await asking()).toEqual({ id });
    answer = () => answered('ok', { id }, undefined, 0, orgs);
    await expect(asking()).rejects.toMatchObject({ code: 'service_unavailable' });
  });

  it('reads no answer whose headers would take long to read', async () => {
    answer = () => answered('ok', { id }, undefined, HEADER_BYTES);
    expect(await ask()).toEqual({ id });
    answer = () => answered('ok', { id }, undefined, HEADER_BYTES + 1);
    await expect(ask()).rejects.toMatchObject({ code: 'message_rejected' });
  });

  it.each<[string, () => Error, string]>([
    ['nobody answers in time', () => new errors.TimeoutError(), 'deadline_exceeded'],
    ['it may not be asked', () => new errors.PermissionViolationError('no', 'publish', 'x'), 'message_rejected'],
    ['no message carries it', () => errors.InvalidArgumentError.format('data', 'too large'), 'payload_too_large'],
    ['the bus is away', () => new errors.ClosedConnectionError(), 'service_unavailable'],
    ['nobody is there', () => new errors.NoRespondersError('rpc'), 'service_unavailable'],
  ])('says so where %s', async (_where, failure, code) => {
    answer = () => {
      throw failure();
    };
    const asking = a.as(() => bus.request(GetLead, { id }, { timeoutMs: 300 }));
    await expect(asking).rejects.toThrow(expect.objectContaining({ code }) as DomainError);
  });

  it('sends nothing that is not what its contract says', async () => {
    await expect(a.as(() => bus.request(GetLead, { id: 'x' }))).rejects.toMatchObject({ code: 'validation_failed' });
    const announcing = asPlatform(() => bus.announce(SessionRevokedEvent, { user_id: 'x' }));
    await expect(announcing).rejects.toMatchObject({ code: 'validation_failed' });
    expect([asked, told]).toEqual([[], []]);
    await asPlatform(() => bus.announce(SessionRevokedEvent, { user_id: id }));
    expect(told).toEqual([
      { subject: 'evt.platform.identity.session.revoked.v1', body: JSON.stringify({ user_id: id }) },
    ]);
  });
});
