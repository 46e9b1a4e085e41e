import { type DomainError, type Page, type RequestContract, type Role } from '@apollo/contracts';
import { startService } from '@apollo/service-kit';
import { testDatabase, type TestDatabase, type TestOrg, testOrgs, testPeer, testServiceConfig } from '@apollo/testing';
import { LeadsModule } from './leads.module.js';
import { leadsSchema } from './leads.schema.js';

/** Who asks, and with what key; the owner of the organization with a key of its own when absent. */
export interface Asker {
  readonly actor?: string;
  readonly role?: Role;
  readonly idempotencyKey?: string;
}

/** The leads service as the gateway meets it: over the bus, with a database of its own. */
export interface LeadsWorld {
  readonly test: TestDatabase;
  ask<Request extends object, Reply extends object>(
    org: TestOrg,
    contract: RequestContract<Request, Reply>,
    request: NoInfer<Request>,
    asker?: Asker,
  ): Promise<Reply>;
  /** The error's wire form as text, for comparing byte by byte; fails when there is an answer. */
  refusal<Request extends object>(
    org: TestOrg,
    contract: RequestContract<Request>,
    request: NoInfer<Request>,
    asker?: Asker,
  ): Promise<string>;
  stop(): Promise<void>;
}

export async function leadsWorld(): Promise<LeadsWorld> {
  const test = await testDatabase(leadsSchema);
  const service = await startService({
    name: 'leads',
    schema: leadsSchema,
    config: testServiceConfig('leads', test),
    module: LeadsModule,
  });
  const [gateway, orgs] = [await testPeer('gateway'), await testOrgs()];
  const ask: LeadsWorld['ask'] = (org, contract, request, { idempotencyKey, ...who } = {}) =>
    org.as(() => gateway.bus.request(contract, request, { idempotencyKey, timeoutMs: 20_000 }), who);
  return {
    test,
    ask,
    refusal: async (org, contract, request, asker) => {
      const answer = await ask(org, contract, request, asker).catch((error: DomainError) => error);
      if (!(answer instanceof Error)) return `was answered: ${JSON.stringify(answer)}`;
      const { code, detail, fields } = answer as DomainError;
      return JSON.stringify({ code, detail, fields });
    },
    stop: async () => {
      await gateway.close();
      await service.stop();
      await orgs.close();
      await test.drop();
    },
  };
}

/** As if orgs had told that these people joined. */
export async function joined(test: TestDatabase, org: TestOrg, ...people: string[]): Promise<void> {
  await test.admin(
    'insert into leads.members (org_id, id, heard_at) select $1, unnest($2::uuid[]), now() on conflict do nothing',
    [org.id, people],
  );
}

/** Every page of a list, asked for at its longest: each as one message carries it. */
export async function pagesOf<Item>(
  world: LeadsWorld,
  org: TestOrg,
  contract: RequestContract<Page, { items: Item[]; next_cursor: string | null }>,
): Promise<Item[][]> {
  const pages: Item[][] = [];
  let cursor: string | undefined;
  do {
    const page = await world.ask(org, contract, { limit: 200, cursor });
    pages.push(page.items);
    cursor = page.next_cursor ?? undefined;
  } while (cursor);
  return pages;
}
