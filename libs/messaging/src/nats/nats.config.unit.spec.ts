import { SERVICES, SHOWN_EVENTS } from '@apollo/contracts';
import { newId } from '@apollo/tenancy';
import { EVENTS } from '../durable/event.streams.js';
import { readerName } from './event.reader.js';
import { natsServerConfig } from './nats.config.js';

const reader = { name: 'warehouse', orgId: newId(), publicKey: 'UREADER' };
const options = {
  host: '127.0.0.1',
  port: 4222,
  storeDir: '/data',
  publicKeys: { orgs: ['UORGS', 'UORGSNEXT'], deploy: ['UDEPLOY'] },
  readers: [reader],
};
const cluster = {
  serverName: 'one',
  host: '0.0.0.0',
  port: 6222,
  secret: 's/1',
  routes: ['two:6222'],
};

/** What a text says of an account. */
function account(text: string, name: string): string {
  const from = text.indexOf(`  ${JSON.stringify(name)} {\n`);
  return text.slice(from, text.indexOf('\n  }\n', from));
}

describe('the configuration of a server', () => {
  const text = natsServerConfig(options);
  const bounds = (name: string): (number | undefined)[] =>
    (/max_connections: (\w+), max_subscriptions: (\w+)/.exec(account(text, name)) ?? []).slice(1).map(Number);

  it('bounds the connections and subscriptions of each account, and all connections by those and strangers', () => {
    for (const service of SERVICES.filter((each) => each !== 'gateway')) expect(bounds(service)).toEqual([64, 1_000]);
    expect([bounds(EVENTS), bounds(readerName(reader))]).toEqual([
      [8, 1_000],
      [8, 1_000],
    ]);
    const [connections, subscriptions = 0] = bounds('gateway');
    expect([connections, (subscriptions - 1_000) % SHOWN_EVENTS.length]).toEqual([64, 0]);
    expect(subscriptions).toBeGreaterThan(1_000);
    expect(text).toContain(`\nmax_connections: ${4_096 + SERVICES.length * 64 + 8 + 8}\n`);
  });

  it('lets each in by its keys alone, into an account of its own, and nobody into that of the system', () => {
    const keysOf = (name: string): (string | undefined)[] =>
      [...account(text, name).matchAll(/nkey: (\w+)/g)].map(([, key]) => key);
    expect([keysOf('orgs'), keysOf('leads'), keysOf(EVENTS), keysOf(readerName(reader))]).toEqual([
      ['UORGS', 'UORGSNEXT'],
      [],
      ['UDEPLOY'],
      ['UREADER'],
    ]);
    expect(text).toContain('  SYS { }\n}\nsystem_account: SYS\n');
    expect(text).not.toMatch(/password:|token:|http/);
  });

  it('lets the account of the streams store things, and no other', () => {
    expect(account(text, EVENTS)).toContain('jetstream: enabled');
    expect(text.match(/jetstream: enabled/g)).toHaveLength(1);
    expect(text).toMatch(/^jetstream \{ store_dir: "\/data", sync_interval: always, max_file_store: 64GB \}$/m);
  });

  it('bounds what is said: a message, a line, and the time to say who one is', () => {
    expect(text).toMatch(/^max_payload: 1MB$/m);
    expect(text).toMatch(/^max_control_line: 512$/m);
    expect(text).toMatch(/^authorization \{ timeout: 15 \}$/m);
  });

  it('names the others of a cluster where there is one, and tells clients of none', () => {
    expect(text).not.toMatch(/server_name|cluster \{/);
    const clustered = natsServerConfig({ ...options, cluster: { ...cluster, advertise: 'one:6222' } });
    expect(clustered).toContain(`server_name: "one"
cluster {
  name: apollo
  host: "0.0.0.0"
  port: 6222
  no_advertise: true
  advertise: "one:6222"
  authorization { user: route, password: "s/1" }
  routes: ["nats-route://route:s%2F1@two:6222"]
}
`);
    expect(natsServerConfig({ ...options, cluster })).not.toContain('\n  advertise:');
  });
});
