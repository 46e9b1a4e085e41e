import { createLogger } from '@apollo/service-kit';
import { currentTenant, newId } from '@apollo/tenancy';
import type { TenantDatabase } from '@apollo/tenancy/postgres';
import { testOrg } from '@apollo/testing';
import type { ClaimRepository } from './claim.repository.js';
import type { ImportCrew } from './import.crew.js';
import { ImportScheduler } from './import.scheduler.js';

describe('A74 the scheduler of imports', () => {
  const [a, b] = [testOrg(), testOrg()];
  const imports = [a, a, a, b].map((org) => ({ org_id: org.id, import_id: newId(), started_by: org.owner }));
  const begun: (string | null)[] = [];
  const putOff: string[] = [];
  let attend: (id: string) => Promise<(() => Promise<void>) | undefined>;
  let end: PromiseWithResolvers<void>;

  /** Lets it have its first look, and stops it. */
  async function look(): Promise<void> {
    const claims = {
      findDue: () => Promise.resolve(imports),
      watch: (id: string) => Promise.resolve(void putOff.push(id)),
    } as unknown as ClaimRepository;
    const crew = { attend: (id: string) => attend(id) } as unknown as ImportCrew;
    const scheduler = new ImportScheduler({} as TenantDatabase, claims, crew, createLogger('leads', 'silent'));
    scheduler.onApplicationBootstrap();
    await new Promise((resolve) => setTimeout(resolve, 50));
    end.resolve();
    await scheduler.onModuleDestroy();
  }

  beforeEach(() => {
    begun.length = 0;
    putOff.length = 0;
    end = Promise.withResolvers();
  });

  it('gives an organization one place, however many of its imports say that nobody works on them', async () => {
    attend = () => {
      begun.push(currentTenant().orgId);
      return Promise.resolve(() => end.promise);
    };
    await look();
    expect(begun).toEqual([a.id, b.id]);
  });

  it('goes on behind one that cannot be attended to, and puts it off', async () => {
    attend = () => {
      if (currentTenant().orgId === a.id) throw new RangeError('what stands in its row');
      begun.push(currentTenant().orgId);
      return Promise.resolve(undefined);
    };
    await look();
    expect(begun).toEqual([b.id]);
    expect(putOff).toEqual(imports.slice(0, 3).map(({ import_id }) => import_id));
  });
});
