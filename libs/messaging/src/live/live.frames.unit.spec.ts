import { GetImport, Text, watch, type WatchContract, WatchImport } from '@apollo/contracts';
import { newId } from '@apollo/tenancy';
import { orgContext, type TestOrg, twoOrgs, until } from '@apollo/testing';
import type { MsgHdrs } from '@nats-io/nats-core';
import { type Envelope, HEADER } from '../envelope/envelope.codec.js';
import { serviceKeys } from '../envelope/service.keys.spec.js';
import { LiveAudience } from './live.audience.js';
import { LiveFrames } from './live.frames.js';
import { readMark } from './live.mark.js';

const counts = { rows_total: 9, created: 0, updated: 0, unchanged: 0, refused: 0, error_code: null };
const progress = (rows_read: number, error_detail: string | null = null) =>
  ({ status: 'running', rows_read, error_detail, ...counts }) as const;

class Words {
  @Text({ max: 10_000 }) text!: string;
}
const WORDS = watch({ state: GetImport, method: 'watch-words', channel: 'id', frame: Words });

describe('what is shown', () => {
  const [a, b] = twoOrgs();
  const id = newId();
  const { leads, gateway } = serviceKeys('leads', 'gateway');
  let audience: LiveAudience;
  let frames: LiveFrames;
  let sent: {
    readonly reply: string;
    readonly rows: number;
    readonly sequence: number | undefined;
  }[];
  let taken: () => void;
  let flushes: number;
  beforeEach(() => {
    sent = [];
    flushes = 0;
    audience = new LiveAudience();
    frames = new LiveFrames(
      audience,
      {
        isClosed: () => false,
        publish: (reply: string, body?: unknown, options?: { headers?: MsgHdrs }) => {
          const message = { headers: options?.headers, data: body as Uint8Array };
          const opened = gateway.answers.open('leads', reply, message);
          const { rows_read: rows } = JSON.parse(String(opened)) as { rows_read: number };
          sent.push({ reply, rows, sequence: readMark(options?.headers?.get(HEADER.live))?.sequence });
        },
        flush: () => {
          flushes += 1;
          return new Promise((resolve) => (taken = resolve));
        },
      },
      leads.sealer,
    );
  });
  afterEach(() => audience.close());

  function keep(org: TestOrg, reply: string, contract: WatchContract = WatchImport, channel = id): number {
    const asker = {
      issuer: 'gateway',
      context: orgContext(org.id, org.owner, 'owner'),
      idempotencyKey: reply,
      answerKey: gateway.signer.answerKey.text,
    } as Envelope;
    return org.as(() => audience.keep(asker, contract, { id: channel }, reply)).sequence;
  }
  const publish = (org: TestOrg, ...[frame, channel = id]: [ReturnType<typeof progress>, string?]): void =>
    org.as(() => frames.publish(WatchImport, channel, frame));

  it('reaches those of the acting organization who watch this, and nobody else', async () => {
    keep(a, 'a');
    keep(a, 'a too');
    keep(a, 'a elsewhere', WatchImport, newId());
    keep(b, 'b');
    publish(a, progress(1));
    await until(() => flushes === 1);
    expect(sent.map(({ reply }) => reply)).toEqual(['a', 'a too']);
  });

  it('is nothing where nobody watches', () => {
    publish(a, progress(1));
    expect(a.as(() => frames.isWatched(WatchImport, id))).toBe(false);
    keep(b, 'b');
    publish(a, progress(1));
    expect([sent, flushes]).toEqual([[], 0]);
  });

  it('waits while the server takes nothing, up to a bound, and then lacks its oldest frames', async () => {
    keep(a, 'a');
    publish(a, progress(1));
    await until(() => flushes === 1);
    for (let rows = 2; rows <= 1_000; rows++) publish(a, progress(rows));
    expect(sent).toHaveLength(1);
    taken();
    await until(() => flushes === 2);
    expect(sent.slice(1).map(({ rows, sequence }) => [rows, sequence])).toEqual(
      Array.from({ length: 64 }, (_, at) => [937 + at, 937 + at]),
    );
  });

  it('is sent in turns, so that one organization’s flood leaves the others their frames', async () => {
    keep(a, 'a');
    keep(b, 'b');
    for (let rows = 1; rows <= 100; rows++) publish(a, progress(rows));
    publish(b, progress(1));
    await until(() => flushes === 1);
    expect(sent.slice(0, 2).map(({ reply }) => reply)).toEqual(['a', 'b']);
  });

  it('lacks a frame that is too large, and says so to whoever asks to be shown more', () => {
    keep(a, 'a', WORDS);
    a.as(() => frames.publish(WORDS, id, { text: 'x'.repeat(9_000) }));
    expect([keep(a, 'a', WORDS), sent]).toEqual([1, []]);
  });

  it('is what the contract says, or fails', () => {
    keep(a, 'a');
    expect(() => publish(a, { ...progress(1), status: 'whatever' } as never)).toThrow('validation_failed');
  });
});
