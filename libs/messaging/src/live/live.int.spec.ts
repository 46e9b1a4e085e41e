import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { contractsOf, type DomainError, GetImport, type Role, subjectOf, typeOf, WatchImport } from '@apollo/contracts';
import { newId } from '@apollo/tenancy';
import { orgContext, testPeer, type TestPeer, testProcessConfig, type TestOrg, twoOrgs, until } from '@apollo/testing';
import { ContextTokenSigner } from '../envelope/context.token.js';
import { MessageKeys } from '../envelope/message.keys.js';
import { EnvelopeWriter } from '../envelope/envelope.codec.js';
import { durableEventsBetween } from '../durable/event.streams.js';
import { MessageServer } from '../nest/message.server.js';
import { LiveAudience } from './live.audience.js';
import { LiveFrames } from './live.frames.js';

const { jest } = import.meta;
/** All that is no interval of ours. */
const REAL = [
  'setTimeout',
  'clearTimeout',
  'setImmediate',
  'clearImmediate',
  'nextTick',
  'queueMicrotask',
  'performance',
  'Date',
  'hrtime',
] as const;

const counts = {
  rows_total: 9,
  created: 0,
  updated: 0,
  unchanged: 0,
  refused: 0,
  error_code: null,
  error_detail: null,
};
const progress = (rows_read: number) => ({ status: 'running', rows_read, ...counts });

/** A process of leads, with what it shows; its imports have as many rows as the spec says. */
interface Leads {
  readonly frames: LiveFrames;
  readonly peer: TestPeer;
  stop(): Promise<void>;
}

/** What a watch has shown, in rows, and what it ended with. */
interface Seen {
  readonly states: number[];
  readonly frames: number[];
  end?: string;
}

const rejected: string[] = [];
const denied: string[] = [];
/** Times that somebody asked to be shown something, and was heard. */
let asked = 0;
let rows = 0;

async function startLeads(): Promise<Leads> {
  const peer = await testPeer('leads');
  const audience = new LiveAudience();
  const keys = new MessageKeys('leads', testProcessConfig('leads'));
  const server = new MessageServer({
    service: 'leads',
    connection: peer.connection,
    keys,
    audience,
    onDenied: async (type) => void denied.push(type),
    observer: {
      handled: (type) => void (asked += Number(type === typeOf(WatchImport))),
      rejected: (_type, code) => rejected.push(code),
      failed: () => undefined,
    },
  });
  for (const contract of [...contractsOf('leads'), ...durableEventsBetween('orgs', 'leads')])
    server.addHandler(typeOf(contract), async () => ({ rows_read: rows }), contract.kind === 'event');
  await new Promise<void>((resolve, reject) => server.listen((error) => (error ? reject(error as Error) : resolve())));
  return {
    peer,
    frames: new LiveFrames(audience, peer.connection, keys.sealer),
    stop: async () => {
      await server.close();
      await peer.close();
    },
  };
}

/** Another process, as it is built: shows an import's rows, one more every few milliseconds, for as long as it lives. */
const PROGRAM = `
import { contractsOf, typeOf, WatchImport } from '@apollo/contracts';
import * as m from '@apollo/messaging';
import { runInTenantContext } from '@apollo/tenancy';
const { options, org, id, url, nkey } = JSON.parse(process.env.TOLD);
const keys = new m.MessageKeys('leads', options);
const connection = await m.connectNats('leads', url, nkey);
const audience = new m.LiveAudience();
const server = new m.MessageServer({
  service: 'leads', connection, audience, keys,
  observer: { handled() {}, rejected() {}, failed() {} },
});
// It serves no requests: of those, its share is left to the other one.
for (const each of [...contractsOf('leads'), ...m.durableEventsBetween('orgs', 'leads')]) server.addHandler(typeOf(each), async () => ({}));
await new Promise((resolve) => server.listen(resolve));
await server.leaveShare();
const frames = new m.LiveFrames(audience, connection, keys.sealer);
const context = { scope: 'org', orgId: org, actor: 'system:leads', role: 'system', requestId: org };
console.log('ready');
for (let rows_read = 1000; ; rows_read += 1) {
  runInTenantContext(context, () => frames.publish(WatchImport, id, ${JSON.stringify(progress(0)).replace('"rows_read":0', 'rows_read')}));
  await new Promise((resolve) => setTimeout(resolve, 5));
}
`;

describe('what a service shows', () => {
  const [a, b] = twoOrgs();
  let gateway: TestPeer;
  let leads: Leads[];
  let children: ChildProcess[];
  let cut: AbortController;

  beforeAll(async () => {
    gateway = await testPeer('gateway');
    leads = [await startLeads(), await startLeads()];
  }, 60_000);
  afterAll(async () => {
    await Promise.all(leads.map((each) => each.stop()));
    await gateway.close();
  });
  beforeEach(() => {
    cut = new AbortController();
    children = [];
    rejected.length = 0;
    denied.length = 0;
    rows = 0;
  });
  afterEach(async () => {
    jest.useRealTimers();
    cut.abort();
    children.forEach((child) => child.kill('SIGKILL'));
    await gateway.connection.flush();
  });

  /** Reads what a watch shows until it ends. */
  function read(org: TestOrg, id: string, role: () => Role = () => 'owner'): Seen {
    const again = <T>(ask: () => Promise<T>): Promise<T> => org.as(ask, { role: role() });
    const watch = gateway.bus.watch(WatchImport, { id }, { signal: cut.signal, again });
    const seen: Seen = { states: [], frames: [] };
    const reading = async (): Promise<void> => {
      for await (const shown of watch)
        if ('state' in shown) seen.states.push(shown.state.rows_read);
        else seen.frames.push(shown.frame.rows_read);
    };
    void reading().then(
      () => (seen.end = 'over'),
      (error: DomainError) => (seen.end = error.code),
    );
    return seen;
  }
  const show = (by: Leads | undefined, org: TestOrg, id: string, rows: number): void =>
    org.as(() => by?.frames.publish(WatchImport, id, progress(rows)));
  const isWatched = (org: TestOrg, id: string): boolean[] =>
    leads.map(({ frames }) => org.as(() => frames.isWatched(WatchImport, id)));
  const opened = async (...asked: Parameters<typeof read>): Promise<Seen> => {
    const seen = read(...asked);
    await until(() => seen.states.length > 0 && isWatched(asked[0], asked[1]).every(Boolean));
    return seen;
  };
  /** Until it is seen: while the state is asked for, what is shown is part of it. */
  const shown = (seen: Seen, by: Leads | undefined, org: TestOrg, id: string, rows: number): Promise<void> =>
    until(() => {
      show(by, org, id, rows);
      return seen.frames.includes(rows);
    });
  /** Five seconds, for whoever asks again every five. */
  const renew = (): void => void jest.advanceTimersByTime(5_000);

  it('reaches whoever watches this of this organization, by whichever process, and nobody else', async () => {
    const id = newId();
    const [mine, theirs, elsewhere] = [await opened(a, id), await opened(b, id), await opened(a, newId())];
    await shown(mine, leads[0], a, id, 1);
    await shown(mine, leads[1], a, id, 2);
    await shown(theirs, leads[0], b, id, 3);
    await shown(theirs, leads[1], b, id, 4);
    expect(new Set(mine.frames)).toEqual(new Set([1, 2]));
    expect(new Set(theirs.frames)).toEqual(new Set([3, 4]));
    expect(elsewhere.frames).toEqual([]);
  });

  it('is for whoever may ask for its state', async () => {
    const id = newId();
    const seen = read(a, id, () => 'viewer');
    await until(() => seen.end !== undefined);
    expect([seen.end, seen.states, isWatched(a, id)]).toEqual(['forbidden', [], [false, false]]);
    expect(denied).toContain('leads.watch-import.v1');
  });

  it('ends for whoever may no longer, with the next time of asking', async () => {
    jest.useFakeTimers({ doNotFake: [...REAL] });
    const id = newId();
    let role: Role = 'member';
    const seen = await opened(a, id, () => role);
    role = 'viewer';
    const before = asked;
    renew();
    await until(() => asked >= before + leads.length);
    leads.forEach((each) => show(each, a, id, 9));
    await until(() => seen.end !== undefined || seen.frames.length > 0);
    expect(seen).toMatchObject({ end: 'forbidden', frames: [] });
    await until(() => !isWatched(a, id).some(Boolean));
  });

  it('costs no message where nobody watches, nor once whoever did has left', async () => {
    const id = newId();
    await opened(a, id);
    cut.abort();
    await until(() => !isWatched(a, id).some(Boolean));
    const before = leads.map(({ peer }) => peer.connection.stats().outMsgs);
    for (const each of leads) for (let n = 0; n < 100; n++) show(each, a, id, n);
    await Promise.all(leads.map(({ peer }) => peer.connection.flush()));
    expect(leads.map(({ peer }) => peer.connection.stats().outMsgs)).toEqual(before);
  });

  it('is kept from flooding anybody: bounded, beside requests, and with the state in place of what was left out', async () => {
    const id = newId();
    const seen = await opened(a, id);
    await shown(seen, leads[0], a, id, 1);
    const states = seen.states.length;
    const before = leads[0]?.peer.connection.stats().outMsgs ?? 0;
    for (let n = 0; n < 2_000; n++) show(leads[0], a, id, 1_000 + n);
    rows = 2_999;
    await a.as(() => gateway.bus.request(GetImport, { id }));
    await until(() => seen.states.length > states);
    expect((leads[0]?.peer.connection.stats().outMsgs ?? 0) - before).toBeLessThan(200);
    expect(seen.states.at(-1)).toBe(2_999);
    await shown(seen, leads[0], a, id, 2);
  });

  it('goes to the inbox of whoever asked, and to no other that they name; nobody asks for another organization', async () => {
    const orgs = await testPeer('orgs');
    const heard: string[] = [];
    for (const [peer, inbox] of [
      [orgs, '_INBOX_orgs.victim'],
      [gateway, '_INBOX_gateway.own'],
    ] as const)
      peer.connection.subscribe(inbox, { callback: (_error, { subject }) => void heard.push(subject) });
    await orgs.connection.flush();
    const id = newId();
    const writer = new EnvelopeWriter(
      'gateway',
      new ContextTokenSigner('gateway', testProcessConfig('gateway').signingKey),
    );
    const ask = (subject: string | undefined, reply: string): void => {
      const context = orgContext(a.id, a.owner, 'owner');
      const written = writer.write(WatchImport, context, { expiresAt: Date.now() + 5_000 }, Date.now());
      gateway.connection.publish(subject ?? written.subject, JSON.stringify({ id }), {
        reply,
        headers: written.headers,
      });
    };
    ask(subjectOf(WatchImport, b.id), '_INBOX_gateway.own');
    await until(() => rejected.length === leads.length);
    expect([isWatched(a, id), isWatched(b, id)]).toEqual(Array(2).fill([false, false]));
    ask(undefined, '_INBOX_orgs.victim');
    ask(undefined, '_INBOX_gateway.own');
    await until(() => isWatched(a, id).every(Boolean));
    leads.forEach((each) => show(each, a, id, 1));
    await until(() => heard.length >= 4);
    expect(new Set(heard)).toEqual(new Set(['_INBOX_gateway.own']));
    await orgs.close();
  });

  it('goes on by another process where one is killed', async () => {
    jest.useFakeTimers({ doNotFake: [...REAL] });
    const id = newId();
    const { signingKey, publicKeys, natsUrl: url, natsNkeyFile: nkey } = testProcessConfig('leads');
    const child = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM], {
      cwd: new URL('.', import.meta.url),
      env: { TOLD: JSON.stringify({ options: { signingKey, publicKeys }, org: a.id, id, url, nkey }) },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    await once(child.stdout, 'data');
    const seen = await opened(a, id);
    await until(() => seen.frames.some((rows) => rows >= 1_000));
    child.kill('SIGKILL');
    await once(child, 'exit');
    renew();
    await shown(seen, leads[1], a, id, 5);
    expect(seen.end).toBeUndefined();
  });
});
