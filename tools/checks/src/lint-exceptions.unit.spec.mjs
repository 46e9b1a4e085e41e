import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../..');

const files = {
  service: 'apps/leads/src/leads/lead.repository.ts',
  config: 'apps/leads/src/config.ts',
  controller: 'apps/gateway/src/any.controller.ts',
  tenancy: 'libs/tenancy/src/postgres/any.ts',
  messaging: 'libs/messaging/src/nats/any.ts',
  serviceKit: 'libs/service-kit/src/any.ts',
};

/** Asks ESLint itself, in a process of its own: Jest's module registry is no place for it to load its config in. */
const script = `
  import { ESLint } from 'eslint';
  const eslint = new ESLint();
  const rules = {};
  for (const [name, file] of Object.entries(${JSON.stringify(files)})) rules[name] = (await eslint.calculateConfigForFile(file)).rules;
  console.log(JSON.stringify(rules));
`;
const rules = JSON.parse(
  execFileSync(process.execPath, ['--input-type=module', '--eval', script], { cwd: root, encoding: 'utf8' }),
);

const OFF = 0;
const ERROR = 2;

describe('the exceptions in eslint.config.js', () => {
  const { service } = rules;
  const own = Object.keys(service).filter((rule) => rule.startsWith('@apollo/'));

  it('leave every own rule on in a service', () => {
    expect(own).toHaveLength(7);
    for (const rule of own) expect([rule, service[rule][0]]).toEqual([rule, ERROR]);
  });

  it('open to each library only what is its job', () => {
    const exceptions = (kind) => own.filter((rule) => rules[kind][rule]?.[0] === OFF).sort();
    expect(exceptions('tenancy')).toEqual([
      '@apollo/entity-from-factory',
      '@apollo/no-raw-database',
      '@apollo/system-context-allow-list',
    ]);
    expect(exceptions('messaging')).toEqual(['@apollo/no-raw-nats']);
    expect(exceptions('serviceKit')).toEqual([]);
    expect(exceptions('controller')).toEqual([]);
    expect(exceptions('config')).toEqual(['@apollo/no-process-env']);
  });

  it('list each system context once, with a reason, and only while the file still opens it', () => {
    const contexts = service['@apollo/system-context-allow-list'][1].allow;
    expect(contexts.length).toBeGreaterThan(0);
    expect(new Set(contexts.map(({ file }) => file)).size).toBe(contexts.length);
    for (const { file } of contexts)
      expect(readFileSync(join(root, file), 'utf8')).toMatch(/\b(runAsSystem|runInTenantContext)\(/);
  });
});
