import { DomainError, errorBody, type leadsMessages, WatchImport } from '@apollo/contracts';
import { newId, systemClock } from '@apollo/tenancy';
import { testOrg } from '@apollo/testing';
import { headers, type Msg } from '@nats-io/nats-core';
import { type EnvelopeWriter, HEADER } from '../envelope/envelope.codec.js';
import type { MessageKeys } from '../envelope/message.keys.js';
import { serviceKeys } from '../envelope/service.keys.spec.js';
import type { LiveInbox } from './live.inbox.js';
import { writeMark } from './live.mark.js';
import { LiveWatch, type Shown } from './live.watch.js';

const { jest } = import.meta;
type Look = IteratorResult<Shown<leadsMessages.LeadImport, leadsMessages.ImportProgress>, void>;

const { gateway, leads, orgs } = serviceKeys('gateway', 'leads', 'orgs');
const counts = { created: 0, updated: 0, unchanged: 0, refused: 0, error_code: null, error_detail: null };
const frame = (rows_read: number) => ({ status: 'running', rows_total: 9, rows_read, ...counts });

/** A watch whose processes are the spec. */
class Scene {
  readonly epoch = newId();
  /** Replies that were asked for, nothing for a leave. */
  readonly asked: (string | undefined)[] = [];
  readonly abort = new AbortController();
  states = 0;
  refusal: DomainError | undefined;
  readonly watch: AsyncGenerator<Shown<leadsMessages.LeadImport, leadsMessages.ImportProgress>, void>;
  private id = '';
  private take: (message: Msg) => void = () => undefined;

  constructor(private readonly answers: (scene: Scene) => void) {
    const org = testOrg();
    const options = {
      signal: this.abort.signal,
      again: async <T>(ask: () => Promise<T>): Promise<T> => {
        if (this.refusal) throw this.refusal;
        return org.as(ask);
      },
    };
    const connection = {
      publish: (_subject: string, _body: unknown, { reply }: { reply?: string } = {}) => {
        this.asked.push(reply);
        if (reply) queueMicrotask(() => this.answers(this));
      },
    };
    const writer = { write: () => ({ subject: 's', headers: headers() }) } as unknown as EnvelopeWriter;
    const inbox = {
      open: (id: string, take: (message: Msg) => void) => {
        this.id = id;
        this.take = take;
        return 'here';
      },
      close: () => undefined,
    } as unknown as LiveInbox;
    const state = (): Promise<leadsMessages.LeadImport> =>
      Promise.resolve({ rows_read: 100 * ++this.states } as leadsMessages.LeadImport);
    const means = { connection, writer, inbox, answers: gateway.answers, clock: systemClock };
    this.watch = new LiveWatch(WatchImport, { id: newId() }, options, means, state).shown();
  }

  /** As one process answers that goes on showing. */
  keep(sequence: number, epoch = this.epoch): void {
    this.hear('', [HEADER.status, 'ok'], [HEADER.live, writeMark({ epoch, sequence })]);
  }

  show(sequence: number): void {
    const body = JSON.stringify(frame(sequence));
    this.hear(body, [HEADER.status, 'ok'], [HEADER.live, writeMark({ epoch: this.epoch, sequence })]);
  }

  refuse(code: 'forbidden' | 'service_unavailable'): void {
    this.hear(JSON.stringify(errorBody(new DomainError(code))), [HEADER.status, 'error']);
  }

  hear(body: string, ...fields: [string, string][]): void {
    this.say(leads, body, fields);
  }

  /** The same, of whoever seals it. */
  say(by: MessageKeys, body: string, fields: [string, string][]): void {
    const set = headers();
    fields.forEach(([name, value]) => set.set(name, value));
    const data = by.sealer.seal(gateway.signer.answerKey.text, this.id, { fields: set, body });
    this.take({ subject: '', data, headers: set, size: () => data.length } as never);
  }
}

const rows = ({ value }: Look): string =>
  value ? ('state' in value ? `state ${value.state.rows_read}` : `frame ${value.frame.rows_read}`) : 'over';

describe('what is watched', () => {
  beforeEach(() => jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask'] }));
  afterEach(() => jest.useRealTimers());

  /** What is seen next, however long it takes. */
  async function next(scene: Scene): Promise<string> {
    const seen = scene.watch.next();
    seen.catch(() => undefined);
    await jest.advanceTimersByTimeAsync(600);
    return rows(await seen);
  }

  it('is the state first, and then each frame in its order', async () => {
    const scene = new Scene((own) => own.keep(7));
    expect(await next(scene)).toBe('state 100');
    scene.show(8);
    scene.show(9);
    expect([await next(scene), await next(scene)]).toEqual(['frame 8', 'frame 9']);
    expect(scene.states).toBe(1);
  });

  it.each<[string, (scene: Scene) => void]>([
    ['a frame is missing', (scene) => scene.show(9)],
    ['a process says that there was one more', (scene) => scene.keep(8)],
    ['another process begins to show', (scene) => scene.keep(0, newId())],
    ['a frame cannot be read', (scene) => scene.hear('{', [HEADER.status, 'ok'], [HEADER.live, `${scene.epoch} 8`])],
    ['more frames wait than a slow reader is kept', (scene) => [...Array(33).keys()].forEach((n) => scene.show(8 + n))],
  ])('is the state again, in place of what waits, where %s', async (_, miss) => {
    const scene = new Scene((own) => own.keep(7));
    await next(scene);
    miss(scene);
    expect(await next(scene)).toBe('state 200');
    scene.show(50);
    scene.show(51);
    expect(await next(scene)).toBe('state 300');
  });

  it('is the state again after a silence, as whoever was to show a frame may have been killed before', async () => {
    const scene = new Scene((own) => own.keep(7));
    await next(scene);
    const seen = scene.watch.next();
    await jest.advanceTimersByTimeAsync(14_000);
    expect(scene.states).toBe(1);
    await jest.advanceTimersByTimeAsync(6_000);
    expect(rows(await seen)).toBe('state 200');
  });

  it('ends with what the service says when it is asked again, and at once', async () => {
    const scene = new Scene((own) => own.keep(0));
    await next(scene);
    const seen = scene.watch.next();
    scene.refuse('forbidden');
    await expect(seen).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('is what its service shows: whatever another one puts into its place is not looked at', async () => {
    const scene = new Scene((own) => own.keep(7));
    await next(scene);
    scene.say(orgs, JSON.stringify(errorBody(new DomainError('forbidden'))), [[HEADER.status, 'error']]);
    const mark = writeMark({ epoch: scene.epoch, sequence: 8 });
    scene.say(orgs, JSON.stringify(frame(999)), [
      [HEADER.status, 'ok'],
      [HEADER.live, mark],
    ]);
    scene.show(8);
    expect(await next(scene).catch(String)).toBe('frame 8');
  });

  it('is asked for in a context of then, and ends with why there is none', async () => {
    const scene = new Scene((own) => own.keep(0));
    await next(scene);
    scene.refusal = new DomainError('org_suspended');
    const seen = scene.watch.next();
    seen.catch(() => undefined);
    await jest.advanceTimersByTimeAsync(5_000);
    await expect(seen).rejects.toMatchObject({ code: 'org_suspended' });
  });

  it('goes on while one process cannot say whether somebody may, and ends once none has for a while', async () => {
    let isAway = false;
    const scene = new Scene((own) => (isAway ? own.refuse('service_unavailable') : own.keep(0)));
    await next(scene);
    isAway = true;
    const seen = scene.watch.next();
    let failed = false;
    seen.catch(() => (failed = true));
    await jest.advanceTimersByTimeAsync(14_000);
    expect(failed).toBe(false);
    await jest.advanceTimersByTimeAsync(7_000);
    await expect(seen).rejects.toMatchObject({ code: 'service_unavailable' });
  });

  it('is not there where nobody answers', async () => {
    const scene = new Scene((own) => own.hear(''));
    const seen = scene.watch.next();
    seen.catch(() => undefined);
    await jest.advanceTimersByTimeAsync(3_000);
    await expect(seen).rejects.toMatchObject({ code: 'service_unavailable' });
    expect(scene.asked.length).toBeGreaterThan(10);
  });

  it('ends where it is aborted, says so to the service, and asks nothing more, also where nobody reads', async () => {
    const scene = new Scene((own) => own.keep(0));
    await next(scene);
    scene.abort.abort();
    await jest.advanceTimersByTimeAsync(20_000);
    expect(scene.asked).toEqual(['here', undefined]);
    expect(rows(await scene.watch.next())).toBe('over');
  });
});
