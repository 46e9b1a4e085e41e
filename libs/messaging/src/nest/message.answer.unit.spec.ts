import { GetLead } from '@apollo/contracts';
import { currentTenant, newId } from '@apollo/tenancy';
import { headers, type Msg } from '@nats-io/nats-core';
import { type Envelope, HEADER } from '../envelope/envelope.codec.js';
import { entityTag } from '../envelope/entity.tag.js';
import type { StandingDecision, Standings } from '../nats/standings.js';
import { AdmissionReview } from './admission.review.js';
import { answerOf, isCopy, refusalOf } from './message.answer.js';

describe('a message that is sent again', () => {
  const message = (change: Record<string, string> = {}, subject = 's', data = '{"a":1}'): Msg => {
    const fields = headers();
    const sent = { [HEADER.context]: 'c', [HEADER.delegation]: 'd', [HEADER.idempotency]: 'i', [HEADER.expires]: 'e' };
    for (const [name, value] of Object.entries({ ...sent, ...change })) fields.set(name, value);
    return { subject, headers: fields, data: new TextEncoder().encode(data) } as unknown as Msg;
  };

  it('is the same to the last byte, told by the same context and under the same key', () => {
    expect(isCopy(message(), message({ [HEADER.time]: 'another' }))).toBe(true);
    for (const name of [HEADER.context, HEADER.delegation, HEADER.idempotency, HEADER.expires])
      expect([name, isCopy(message(), message({ [name]: 'another' }))]).toEqual([name, false]);
    expect(isCopy(message(), message({}, 'another'))).toBe(false);
    expect(isCopy(message(), message({}, 's', '{"a":2}'))).toBe(false);
  });
});

describe('an answer', () => {
  it('is the reply as JSON, with the tag of its version where it has one', () => {
    const [plain, tagged] = [{ id: 'x' }, { id: 'x', version: 3 }].map((reply) => answerOf(reply, 'org'));
    expect([String(plain?.body), plain?.fields.get(HEADER.status), plain?.fields.has(HEADER.etag)]).toEqual([
      '{"id":"x"}',
      'ok',
      false,
    ]);
    expect(tagged?.fields.get(HEADER.etag)).toBe(entityTag('org', { id: 'x', version: 3 }));
  });

  it('is what one message carries, and no byte more', () => {
    const reply = (bytes: number): object => ({ a: 'x'.repeat(bytes - '{"a":""}'.length) });
    expect(answerOf(reply(1_000_000), 'org').body).toHaveLength(1_000_000);
    expect(() => answerOf(reply(1_000_001), 'org')).toThrow(expect.objectContaining({ code: 'payload_too_large' }));
  });

  it('of a refusal leaves its fields out where one message does not carry them', () => {
    const refused = (problem: string): object => {
      const { body, fields } = refusalOf({
        code: 'validation_failed',
        detail: 'No.',
        fields: [{ field: 'a', problem }],
      });
      expect(fields.get(HEADER.status)).toBe('error');
      return JSON.parse(String(body)) as object;
    };
    const told = { code: 'validation_failed', detail: 'No.' };
    expect(refused('x')).toEqual({ ...told, fields: [{ field: 'a', problem: 'x' }] });
    expect(refused('x'.repeat(1_000_000))).toEqual(told);
  });
});

describe('the review of a message', () => {
  const [org, person] = [newId(), newId()];
  let judgement: StandingDecision = { role: 'member' };
  let asked: unknown[] = [];
  const standings = {
    judge: async (...given: unknown[]) => {
      asked.push([...given, currentTenant().orgId]);
      return judgement;
    },
  } as unknown as Standings;
  beforeEach(() => {
    judgement = { role: 'member' };
    asked = [];
  });
  const envelope = (writtenAt: number, more: object = {}, context: object = {}): Envelope =>
    ({
      writtenAt,
      expiresAt: Date.now() + 60_000,
      context: {
        scope: 'org',
        orgId: org,
        actor: person,
        role: 'member',
        requestId: 'r',
        signOuts: 2,
        mfa: true,
        ...context,
      },
      ...more,
    }) as unknown as Envelope;
  const begin = (of: Envelope, by: Standings | undefined = standings) => AdmissionReview.begin(GetLead, of, by);
  const question = [person, { permission: GetLead.permission, session: { signOuts: 2, mfa: true } }, org];

  it('asks nobody of one that has just been written, of the platform’s, of a service’s, and where nobody is asked', async () => {
    await begin(envelope(Date.now()));
    await begin(envelope(Date.now() + 60_000));
    await begin(envelope(0, {}, { scope: 'platform', orgId: null }));
    await begin(envelope(0, {}, { actor: 'system:orgs' }));
    await AdmissionReview.begin(GetLead, envelope(0), undefined);
    expect(asked).toEqual([]);
  });

  it('asks of one that was long on its way, or does not say since when', async () => {
    const of = envelope(Date.now() - 1_001);
    expect((await begin(of)).now).toBe(of);
    await begin(envelope(NaN));
    expect(asked).toEqual([question, question]);
  });

  it('goes on in the role that they have by now, or not at all', async () => {
    judgement = { role: 'viewer' };
    const { now } = await begin(envelope(0));
    expect([now.context.role, now.context.actor, Object.isFrozen(now.context)]).toEqual(['viewer', person, true]);
    judgement = { code: 'org_suspended', detail: 'No.', reach: 'organization' };
    await expect(begin(envelope(0))).rejects.toMatchObject({ code: 'org_suspended' });
    judgement = 'unknown';
    await expect(begin(envelope(0))).rejects.toMatchObject({ code: 'service_unavailable' });
  });

  it('holds for a second, and asks after that whenever the work goes on', async () => {
    const clock = performance.now;
    let passed = 0;
    performance.now = () => clock.call(performance) + passed;
    try {
      const review = await begin(envelope(0));
      await review.look();
      expect(asked).toHaveLength(1);
      passed = 1_001;
      judgement = { role: 'owner' };
      expect(await review.again(async () => currentTenant().role)).toBe('owner');
      expect(await review.again(async () => currentTenant().role)).toBe('owner');
      expect(asked).toHaveLength(2);
    } finally {
      performance.now = clock;
    }
  });

  it('asks by its grant for whom a service acts, at once, and does nothing for them where nobody is asked', async () => {
    const acting = { person, permissions: [] };
    await begin(envelope(Date.now(), { acting }));
    expect(asked).toEqual([[person, { permission: GetLead.permission, grant: acting }, org]]);
    await expect(begin(envelope(Date.now(), { acting }), null as never)).rejects.toMatchObject({ code: 'forbidden' });
  });
});
