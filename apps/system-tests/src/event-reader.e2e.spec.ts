import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { jetstream } from '@nats-io/jetstream';
import { connect, type NatsConnection, nkeyAuthenticator } from '@nats-io/transport-node';
import { operatorEnvironment } from './config.js';
import { type LiveOrg, Stage } from './live.platform.js';

const PROGRAM = fileURLToPath(new URL('../../../tools/dev/dist/operate/event.reader.js', import.meta.url));

/** A stock NATS client with the credential that `npm run event-reader` gave out, and nothing of ours. */
describe('a reader from outside', () => {
  const stage = new Stage();
  const name = `partner-${Date.now()}`;
  let org: LiveOrg;
  let other: LiveOrg;
  let seed: Uint8Array;
  let client: NatsConnection;

  const operate = (...words: string[]): string =>
    execFileSync(process.execPath, [PROGRAM, ...words], {
      env: operatorEnvironment(stage.platform.dir),
      encoding: 'utf8',
    });
  const enter = (): Promise<NatsConnection> =>
    connect({
      servers: stage.platform.nats.url,
      authenticator: nkeyAuthenticator(seed),
      inboxPrefix: `_INBOX_reader-${name}`,
      reconnect: false,
      timeout: 5_000,
    });

  beforeAll(async () => {
    org = await stage.org();
    other = await stage.org(org.owner);
    const told = operate('grant', org.slug, name);
    seed = new TextEncoder().encode(readFileSync(/key file {2}(\S+)/.exec(told)?.[1] as string, 'utf8').trim());
    client = await enter();
  });
  afterAll(() => client?.close());

  const lead = async (of: LiveOrg): Promise<string> =>
    String((await of.owner.http.post(`/v1/orgs/${of.slug}/leads`, { contact_name: of.canary }))['id']);

  it('receives the events of exactly one organization, from its first', async () => {
    const [mine] = [await lead(org), await lead(other), await lead(other)];
    await sleep(1_000);
    const seen: { subject: string; entity: string }[] = [];
    for (const stream of ['orgs-events', 'leads-events']) {
      const consumer = await jetstream(client, { domain: 'events' }).consumers.get(stream, `reader-${name}`);
      const messages = await consumer.fetch({ max_messages: 100, expires: 2_000 });
      for await (const message of messages) {
        seen.push({ subject: message.subject, entity: message.headers?.get('ce-subject') ?? '' });
        message.ack();
      }
    }
    const [own] = seen.map(({ subject }) => subject.split('.')[1]);
    expect(new Set(seen.map(({ subject }) => subject.split('.')[1]))).toEqual(new Set([own]));
    expect(seen.map(({ subject }) => subject.split('.').slice(2).join('.')).sort()).toEqual([
      'leads.lead.created.v1',
      'orgs.member.joined.v1',
      'orgs.org.created.v1',
    ]);
    expect(seen.map(({ entity }) => entity)).toContain(mine);
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
      `$JS.API.CONSUMER.CREATE.leads-events.reader-${name}`,
      '$JS.API.CONSUMER.CREATE.leads-events.mine',
      '$JS.API.CONSUMER.LIST.leads-events',
      '$JS.API.CONSUMER.MSG.NEXT.orgs-events.billing-stars',
      '$JS.ACK.orgs-events.billing-stars.1.1.1.1.1',
      `$JS.API.CONSUMER.DELETE.leads-events.reader-${name}`,
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
});
