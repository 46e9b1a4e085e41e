import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createUser } from '@nats-io/nkeys';
import { startHealthServer } from '../health/health.server.js';
import { connectBus, databaseProblem, natsProblem, withDatabase } from './start.failures.js';

describe('what keeps a process from starting', () => {
  it('is a port that is taken, or a host that is not here, by the name of its variable', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await expect(startHealthServer('127.0.0.1', port, [])).rejects.toThrow(
      `HEALTH_PORT: port ${port} of 127.0.0.1 is taken; name another.`,
    );
    await expect(startHealthServer('192.0.2.1', 0, [])).rejects.toThrow(
      /^HEALTH_HOST: 192\.0\.2\.1 is no address of this machine \(.*EADDRNOTAVAIL.*\)\.$/,
    );
    server.close();
  });

  it('is a bus that nobody answers for, with its address and without its password', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'apollo-nkey-'));
    const natsNkeyFile = join(folder, 'nkey');
    await writeFile(natsNkeyFile, new TextDecoder().decode(createUser().getSeed()));
    await expect(connectBus('leads', { natsUrl: 'nats://u:secret@127.0.0.1:1', natsNkeyFile })).rejects.toThrow(
      /^NATS_URL \(nats:\/\/127\.0\.0\.1:1\) cannot be used: connection refused\. It must name a server that runs/,
    );
    await rm(folder, { recursive: true });
  });

  it('is a bus that does not know the process', () => {
    const error = Object.assign(new Error('Authorization Violation'), { name: 'AuthorizationError' });
    expect(natsProblem('nats://a', error)).toMatch(
      /^NATS_URL \(nats:\/\/a\) .*: it does not know the key of this process/,
    );
  });

  it('is a database that nobody answers for, with its address and without its password', async () => {
    const refused = Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' });
    const failing = withDatabase('RELAY_DATABASE_URL', 'postgres://r:secret@h:1/d', () => Promise.reject(refused));
    await expect(failing).rejects.toThrow(/^RELAY_DATABASE_URL \(r@h:1\) cannot be used: ECONNREFUSED\.$/);
    expect(databaseProblem('X', 'no url', new Error('two\n lines.'))).toBe('X (no URL) cannot be used: two lines.');
  });

  it('is anything else as it is', async () => {
    const other = new Error('other');
    await expect(withDatabase('X', 'postgres://h', () => Promise.reject(other))).rejects.toBe(other);
    expect(await withDatabase('X', 'postgres://h', () => Promise.resolve(7))).toBe(7);
  });
});
