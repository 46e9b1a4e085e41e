import { headers, type Msg, type MsgHdrs } from '@nats-io/nats-core';
import { AnswerSealer } from './answer.seal.js';
import { HEADER } from './envelope.codec.js';
import type { MessageKeys } from './message.keys.js';
import { serviceKeys } from './service.keys.spec.js';

describe('the seal of an answer', () => {
  const { gateway, leads, orgs } = serviceKeys('gateway', 'leads', 'orgs');
  /** An answer on its way. */
  type Sent = Required<Pick<Msg, 'headers' | 'data'>>;
  const sealed = (by: Pick<MessageKeys, 'sealer'>, asker: string | undefined = gateway.signer.answerKey.text): Sent => {
    const fields = headers();
    fields.set(HEADER.status, 'ok');
    const body = by.sealer.seal(asker, 'request', { fields, body: '{"said":1}' });
    return { headers: fields, data: typeof body === 'string' ? Buffer.from(body) : body };
  };
  const isBelieved = (answer: Sent, by = gateway): boolean => by.answers.open('leads', 'request', answer) !== undefined;

  it('is opened by whoever asked, of the service that was asked, and read by nobody else', () => {
    expect(Buffer.from(sealed(leads).data).includes('said')).toBe(false);
    expect(isBelieved(sealed(leads))).toBe(true);
    expect(isBelieved(sealed(leads), orgs)).toBe(false);
    expect(isBelieved(sealed(orgs))).toBe(false);
  });

  it('is not another service’s, which answers in the name of the one that was asked', () => {
    const sealer = new AnswerSealer('leads', orgs.signer);
    const { statement } = partsOf(sealed(orgs));
    const theirs = sealed({ sealer });
    const { code } = partsOf(theirs);
    theirs.headers.set(HEADER.seal, `${statement}~${code}`);
    expect(isBelieved(theirs)).toBe(false);
  });

  it('is not the asker’s own, sent back', () => {
    expect(isBelieved(sealed(gateway, leads.signer.answerKey.text))).toBe(false);
    expect(gateway.answers.open('gateway', 'request', sealed(gateway))).toBeDefined();
  });

  it.each<[string, () => string]>([
    ['no signature', () => 'x.y.z'],
    ['a context token', () => leads.signer.sign({ ...nobody, actor: 'system:leads' }, ['gateway'], Date.now())],
    ['a statement in another’s name', () => orgs.signer.signAs('answer+jwt', { iss: 'leads', key: keyOf(orgs) })],
    ['a statement that names no key', () => leads.signer.signAs('answer+jwt', { iss: 'leads' })],
    ['one that names a key of which the secret is known', () => leads.signer.signAs('answer+jwt', weak)],
  ])('counts for nothing with %s', (_, statement) => {
    const { code } = partsOf(sealed(leads));
    const answer = sealed(leads);
    answer.headers.set(HEADER.seal, `${statement()}~${code}`);
    expect(isBelieved(answer)).toBe(false);
  });

  it('is not there for whoever named no key', () => {
    expect(sealed(leads, 'no key').headers.has(HEADER.seal)).toBe(false);
    expect(sealed(leads, weak.key).headers.has(HEADER.seal)).toBe(false);
  });
});

function partsOf({ headers: fields }: { readonly headers?: MsgHdrs }): { statement: string; code: string } {
  const [statement = '', code = ''] = (fields?.get(HEADER.seal) ?? '').split('~');
  return { statement, code };
}

const nobody = { scope: 'platform', orgId: null, role: 'system', requestId: 'x' } as const;
const keyOf = ({ signer }: MessageKeys): string => signer.answerKey.text;
/** A point of small order: whatever is agreed with it is zero. */
const weak = { iss: 'leads', key: Buffer.alloc(32).toString('base64url') };
