import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type JsMsg, jetstream } from '@nats-io/jetstream';
import { connect, headers as natsHeaders, type NatsConnection, nkeyAuthenticator } from '@nats-io/transport-node';
import { until } from '@apollo/testing';
import { operatorEnvironment } from './config.js';
import { type LiveOrg, Stage } from './live.platform.js';

const PROGRAM = fileURLToPath(new URL('../../../tools/dev/dist/operate/event.reader.js', import.meta.url));

/** A stock NATS client with the credential that `npm run event-reader` gave out, and nothing of ours. */
describe('a reader from outside', () => {
  const stage = new Stage();
  const name = `partner-${Date.now()}`;
  let org: LiveOrg;
  let other: LiveOrg;
  let own: string;
  let seed: Uint8Array;
  let publicKeys: { kid: string }[];
  let client: NatsConnection;
  let received: JsMsg[];

  const operate = (...words: string[]): string =>
    execFileSync(process.execPath, [PROGRAM, ...words], {
      env: operatorEnvironment(stage.platform.dir),
      encoding: 'utf8',
    });
  /** Lets somebody in, by what the program prints. */
  const grant = async (slug: string): Promise<void> => {
    const told = operate('grant', slug, name);
    const said = (what: string): string => new RegExp(`${what} +([^\\s,]+)`).exec(told)?.[1] as string;
    own = said('consumer');
    seed = new TextEncoder().encode(readFileSync(said('key file'), 'utf8'));
    publicKeys = (JSON.parse(readFileSync(said('public keys'), 'utf8')) as { keys: { kid: string }[] }).keys;
    expect(said('inbox')).toBe(`_INBOX_${own}`);
  };
  const enter = (): Promise<NatsConnection> =>
    connect({
      servers: stage.platform.nats.url,
      authenticator: nkeyAuthenticator(seed),
      inboxPrefix: `_INBOX_${own}`,
      reconnect: false,
      timeout: 5_000,
    });

  beforeAll(async () => {
    org = await stage.org();
    other = await stage.org(org.owner);
    await grant(org.slug);
    client = await enter();
  });
  afterAll(() => client?.close());

  const lead = async (of: LiveOrg): Promise<string> =>
    String((await of.owner.http.post(`/v1/orgs/${of.slug}/leads`, { contact_name: of.canary }))['id']);

  /** Everything the client's consumers have for it, once it is so many. */
  async function taken(least: number): Promise<JsMsg[]> {
    const messages: JsMsg[] = [];
    await until(async () => messages.push(...(await takenNow())) >= least);
    return messages;
  }
  async function takenNow(): Promise<JsMsg[]> {
    const messages: JsMsg[] = [];
    for (const stream of ['orgs-events', 'leads-events']) {
      const consumer = await jetstream(client, { domain: 'events' }).consumers.get(stream, own);
      for await (const message of await consumer.fetch({ max_messages: 100, expires: 2_000 })) {
        messages.push(message);
        message.ack();
      }
    }
    return messages;
  }
  const orgsOf = (messages: JsMsg[]): string[] => [
    ...new Set(messages.map(({ subject }) => subject.split('.')[1] as string)),
  ];

  it('receives the events of exactly one organization, from its first', async () => {
    const [mine] = [await lead(org), await lead(other), await lead(other)];
    received = await taken(3);
    expect(orgsOf(received)).toHaveLength(1);
    expect(received.map(({ subject }) => subject.split('.').slice(2).join('.')).sort()).toEqual([
      'leads.lead.created.v1',
      'orgs.member.joined.v1',
      'orgs.org.created.v1',
    ]);
    expect(received.map(({ headers }) => headers?.get('ce-subject'))).toContain(mine);
  });

  it('knows by the seal, as docs/events.md says, whether an event is what a service has said', async () => {
    const page = readFileSync(new URL('../../../docs/events.md', import.meta.url), 'utf8');
    const [, code = ''] = /```js\n([^]*?)```/.exec(page) ?? [];
    const { isSealed } = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as {
      isSealed(message: Pick<JsMsg, 'headers' | 'data'>, keys: object[]): boolean;
    };
    expect(received.map((message) => isSealed(message, publicKeys))).toEqual([true, true, true]);
    const [{ headers, data } = {}, next] = received;
    expect(isSealed({ headers, data: Buffer.from(`${Buffer.from(data ?? '')} `) }, publicKeys)).toBe(false);
    expect(isSealed({ headers: next?.headers, data: data as Uint8Array }, publicKeys)).toBe(false);
    const changed = (name: string, value: string): boolean => {
      const other = natsHeaders();
      for (const [key, values] of headers ?? []) other.set(key, key === name ? value : (values[0] ?? ''));
      return isSealed({ headers: other, data: data as Uint8Array }, publicKeys);
    };
    expect(changed('ce-none', '')).toBe(true);
    for (const seal of ['', 'x', '~', 'a.b.c~d', headers?.get('apollo-seal').split('.').slice(0, 2).join('.') ?? ''])
      expect([seal, changed('apollo-seal', seal)]).toEqual([seal, false]);
    const version = headers?.get('ce-sequence') ?? '';
    for (const other of [`+${version}`, `0${version}`, `0x${version}`, `${version}.0`, '', '-1'])
      expect([other, changed('ce-sequence', other)]).toEqual([other, false]);
    const source = headers?.get('ce-source');
    expect(
      isSealed(
        { headers, data: data as Uint8Array },
        publicKeys.filter(({ kid }) => kid !== source),
      ),
    ).toBe(false);
  });

  it('M08 M09 M13 M14 may do nothing else: other organizations, requests, streams, consumers, inboxes', async () => {
    const complaints: string[] = [];
    const listening = (async () => {
      for await (const status of client.status()) if (status.type === 'error') complaints.push(String(status.error));
    })();
    const id = '00000000-0000-4000-8000-000000000000';
    const subscriptions = [
      '>',
      'evt.>',
      'evt.*.leads.lead.created.v1',
      `evt.${id}.leads.lead.created.v1`,
      'rpc.>',
      '_INBOX.>',
      '_INBOX_gateway.>',
      '$JS.>',
      '$SYS.>',
    ];
    const publications = [
      `evt.${id}.leads.lead.created.v1`,
      'rpc.platform.orgs.resolve-access.v1',
      `rpc.${id}.leads.list-leads.v1`,
      '$JS.API.STREAM.LIST',
      '$JS.API.STREAM.INFO.leads-events',
      '$JS.API.STREAM.MSG.GET.leads-events',
      '$JS.API.STREAM.PURGE.leads-events',
      '$JS.API.STREAM.DELETE.leads-events',
      `$JS.API.CONSUMER.CREATE.leads-events.${own}`,
      '$JS.API.CONSUMER.CREATE.leads-events.mine',
      '$JS.API.CONSUMER.LIST.leads-events',
      '$JS.API.CONSUMER.MSG.NEXT.orgs-events.billing-stars',
      '$JS.ACK.orgs-events.billing-stars.1.1.1.1.1',
      `$JS.API.CONSUMER.DELETE.leads-events.${own}`,
      '_INBOX_gateway.x',
    ];
    for (const subject of subscriptions) client.subscribe(subject, { callback: () => undefined });
    for (const subject of publications) client.publish(subject, '{}');
    await client.flush();
    for (
      let waited = 0;
      complaints.length < subscriptions.length + publications.length && waited < 10_000;
      waited += 50
    )
      await sleep(50);
    for (const subject of [...subscriptions, ...publications])
      expect(complaints.some((text) => text.includes(`"${subject}"`))).toBe(true);
    void listening;
  });

  it('M17 is cut off when its credential is taken back, and let in no more', async () => {
    operate('revoke', name);
    await client.closed();
    await expect(enter()).rejects.toThrow(/authorization/i);
    expect(operate('list')).not.toContain(name);
  });

  it('M14 begins anew for another organization under a name that somebody had: nothing of theirs is left to it', async () => {
    const [former, theirs] = [own, orgsOf(received)];
    await lead(org);
    await grant(other.slug);
    client = await enter();
    await lead(other);
    const messages = await taken(4);
    expect(orgsOf(messages)).toHaveLength(1);
    expect(orgsOf(messages)).not.toEqual(theirs);
    await expect(
      client.request(`$JS.events.API.CONSUMER.MSG.NEXT.orgs-events.${former}`, '{}', { timeout: 1_000 }),
    ).rejects.toThrow(/permission/i);
    operate('revoke', name);
  });
});
