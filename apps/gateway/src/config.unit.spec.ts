import { readFileSync } from 'node:fs';
import { leadsMessages } from '@apollo/contracts';
import { PROXIES } from '@apollo/service-kit/process';
import { fastify } from 'fastify';
import { DEFAULT_LIMITS } from './config.js';

describe('a file of an import', () => {
  it('may be as large at the guard as where it is stored, and as it is written', () => {
    expect(DEFAULT_LIMITS.uploadBytes).toBe(leadsMessages.IMPORT_BYTES);
    const page = readFileSync('docs/lead-imports.md', 'utf8');
    expect(page).toContain(`A file has at most ${leadsMessages.IMPORT_BYTES / 1024 / 1024} MiB`);
  });
});

describe('proxies that are believed', () => {
  const texts = [
    ...['127.0.0.1', 'loopback, 10.0.0.0/8', '10.0.0.0/255.0.0.0', '::1', 'fd00::/8', 'uniquelocal', '10.0.0.0/32'],
    ...['nonsense', '10.0.0.0/33', '10.0.0.0/0', '10.0.0.0/8/8', '::/129', '::/0', '127.0.0.1,', '10.0.0.0/x'],
  ];

  it.each(texts)('are those that Fastify knows, and no others: %s', (text) => {
    const isTaken = (): boolean => {
      try {
        return Boolean(fastify({ trustProxy: text }));
      } catch {
        return false;
      }
    };
    expect(PROXIES.read(text) !== undefined).toBe(isTaken());
  });
});
