import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Secrets } from '@apollo/operate';
import { StartFailure } from '@apollo/servers';
import { progressTo } from '../progress.js';
import { seedDemo } from './seed.js';

describe('demo data', () => {
  it('are not made in a database of another folder’s passwords, and the start says what to do', async () => {
    const server = createServer((_request, response) => {
      const body = JSON.stringify({ code: 'invalid_credentials' });
      response.writeHead(401, { 'content-type': 'application/problem+json' }).end(body);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const secrets = { operator: { email: 'operator@apollo.test', password: 'x' }, demoPasswords: {} } as Secrets;
    const seeding = seedDemo({
      gateway: url,
      inbox: { url: 'data:application/json,[]' },
      secrets,
      secretsFile: 'a/b.json',
      progress: progressTo(() => undefined),
    });
    await expect(seeding).rejects.toThrow(StartFailure);
    await expect(seeding).rejects.toThrow(
      /^The database was filled by another folder than a, .*: put that folder back, or drop/,
    );
    server.close();
  });
});
