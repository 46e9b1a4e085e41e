import { currentTenant, newId, runInTenantContext, type TenantContext } from '@apollo/tenancy';
import type { Role } from '@apollo/contracts';

/** One synthetic organization: two people and a text that must never show up anywhere else. */
export interface TestOrg {
  readonly id: string;
  readonly owner: string;
  readonly viewer: string;
  readonly canary: string;
  /** Runs `fn` as the owner, or as somebody else with a role. */
  as<T>(
    fn: () => T,
    who?: Partial<Pick<TenantContext, 'actor' | 'delegation' | 'signOuts'>> & { role?: Role | 'system' },
  ): T;
}

/** An organization nobody else knows. */
export function testOrg(): TestOrg {
  const id = newId();
  const owner = newId();
  return {
    id,
    owner,
    viewer: newId(),
    canary: `canary-${id}`,
    as: (fn, { actor = owner, role = 'owner', ...more } = {}) =>
      runInTenantContext({ ...orgContext(id, actor, role), ...more }, fn),
  };
}

/** The two organizations that every isolation spec needs. */
export function twoOrgs(): [TestOrg, TestOrg] {
  return [testOrg(), testOrg()];
}

/** A context inside an organization. */
export function orgContext(orgId: string, actor: string, role: Role | 'system'): TenantContext {
  return { scope: 'org', orgId, actor, role, requestId: newId() };
}

/** Runs `fn` as a person without an organization. @param session by which the person acts, where that is said */
export function asPerson<T>(actor: string, fn: () => T, session?: string): T {
  return runInTenantContext({ scope: 'self', orgId: null, actor, role: 'none', session, requestId: newId() }, fn);
}

/** Runs `fn` for the platform: at sign-in, or as an operator. */
export function asPlatform<T>(fn: () => T, operator?: string): T {
  return runInTenantContext(
    {
      scope: 'platform',
      orgId: null,
      actor: operator ?? 'anonymous',
      role: operator ? 'operator' : 'none',
      requestId: newId(),
    },
    fn,
  );
}

/** The organization the code is running for right now, for assertions. */
export function actingOrg(): string | null {
  return currentTenant().orgId;
}
