import { setTimeout as sleep } from 'node:timers/promises';
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

  /** Lets it have so many looks, and stops it. */
  async function look(times = 1): Promise<void> {
    const claims = {
      findDue: () => Promise.resolve(imports),
      briefly: (work: () => Promise<unknown>) => work(),
      watch: (id: string) => Promise.resolve(void putOff.push(id)),
    } as unknown as ClaimRepository;
    const crew = { attend: (id: string) => attend(id) } as unknown as ImportCrew;
    const database = {
      transaction: (work: (transaction: object) => Promise<void>) => work({ afterCommit: (fn: () => void) => fn() }),
    } as unknown as TenantDatabase;
    const scheduler = new ImportScheduler(database, claims, crew, createLogger('leads', 'silent'));
    scheduler.onApplicationBootstrap();
    await sleep(50);
    for (let n = 1; n < times; n += 1) {
      await scheduler.ready(newId());
      await sleep(50);
    }
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
      const { orgId } = currentTenant();
      begun.push(orgId);
      return Promise.resolve(orgId === a.id ? () => end.promise : undefined);
    };
    await look(3);
    expect(begun).toEqual([a.id, b.id, b.id, b.id]);
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
