import { actingBy } from './delegation.scope.js';
import { newId } from './new.id.js';
import { currentTenant, runInTenantContext, type TenantContext } from './tenant.context.js';

describe('acting for somebody', () => {
  const context = (orgId: string): TenantContext => ({
    scope: 'org',
    orgId,
    actor: newId(),
    role: 'owner',
    requestId: newId(),
  });
  const delegation = { service: 'agents', run: newId(), as: 'Clerk' };

  it('is within the context that is open, by what was delegated, and no longer than it lasts', () => {
    for (const open of [context(newId()), context(newId())])
      runInTenantContext(open, () => {
        expect(actingBy(delegation, () => currentTenant())).toEqual({ ...open, delegation });
        expect(currentTenant().delegation).toBeUndefined();
        const none = actingBy(delegation, () => actingBy(undefined, () => currentTenant().delegation));
        expect(none).toBeUndefined();
      });
  });

  it('is refused where nobody is acted for', () => {
    expect(() => actingBy(delegation, () => 'done')).toThrow();
  });
});
