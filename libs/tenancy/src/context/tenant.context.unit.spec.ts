import {
  currentTenant,
  InvalidTenantContextError,
  newId,
  NoTenantContextError,
  runAsSystem,
  runInTenantContext,
  type TenantContext,
} from '../index.js';

const org = (orgId = newId()): TenantContext => ({
  scope: 'org',
  orgId,
  actor: newId(),
  role: 'member',
  requestId: 'r',
});

describe('tenant context', () => {
  it('throws where none is open: there is no default tenant', () => {
    expect(() => currentTenant()).toThrow(NoTenantContextError);
  });

  it('ends with the function it was opened for, on success and on error', () => {
    expect(runInTenantContext(org(), () => currentTenant().scope)).toBe('org');
    expect(() =>
      runInTenantContext(org(), () => {
        throw new Error('inside');
      }),
    ).toThrow('inside');
    expect(() => currentTenant()).toThrow(NoTenantContextError);
  });

  it('is frozen, whoever holds it', () => {
    const given: { -readonly [K in keyof TenantContext]: TenantContext[K] } = { ...org() };
    runInTenantContext(given, () => {
      expect(Object.isFrozen(currentTenant())).toBe(true);
      given.orgId = newId();
      expect(currentTenant().orgId).not.toBe(given.orgId);
    });
  });

  it('follows promises, timers and events, a hundred interleaved', async () => {
    await Promise.all(
      Array.from({ length: 100 }, async () => {
        const context = org();
        await runInTenantContext(context, async () => {
          for (const wait of [
            () => Promise.resolve(),
            () => new Promise((resolve) => setTimeout(resolve, Math.random() * 3)),
            () => new Promise((resolve) => setImmediate(resolve)),
          ]) {
            await wait();
            expect(currentTenant().orgId).toBe(context.orgId);
          }
        });
      }),
    );
  });

  it('goes back to the outer context when an inner one ends', () => {
    const [outer, inner] = [org(), org()];
    runInTenantContext(outer, () => {
      runInTenantContext(inner, () => expect(currentTenant().orgId).toBe(inner.orgId));
      expect(currentTenant().orgId).toBe(outer.orgId);
    });
  });

  const impossible: [string, Partial<TenantContext>][] = [
    ['an org scope without an organization', { orgId: null }],
    ['an organization that is no id', { orgId: '*' }],
    ['an organization in capitals', { orgId: newId().toUpperCase() }],
    ['a self scope with an organization', { scope: 'self' }],
    ['a platform scope with an organization', { scope: 'platform' }],
    ['a self scope without a person', { scope: 'self', orgId: null, actor: 'system:leads' }],
    ['an actor of a made-up form', { actor: 'root' }],
    ['an actor with a line break', { actor: 'system:leads\n' }],
  ];
  it.each(impossible)('refuses to open %s', (_name, change) => {
    expect(() => runInTenantContext({ ...org(), ...change }, () => undefined)).toThrow(InvalidTenantContextError);
  });

  it('names the service that acts for itself, and carries the request on', () => {
    const orgId = newId();
    runAsSystem({ reason: 'spec', service: 'leads', scope: 'org', orgId, requestId: 'r-1' }, () => {
      expect(currentTenant()).toEqual({ scope: 'org', orgId, actor: 'system:leads', role: 'system', requestId: 'r-1' });
    });
  });
});
