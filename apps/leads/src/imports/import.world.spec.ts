import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  AppendImportChunk,
  type DomainError,
  FinishImport,
  GetImport,
  type leadsMessages,
  type orgsMessages,
  ListImportErrors,
  ListLeads,
  type RequestContract,
  type Role,
  StartImport,
  UndoImport,
} from '@apollo/contracts';
import { type RunningService, startService } from '@apollo/service-kit';
import {
  testDatabase,
  type TestDatabase,
  type TestOrg,
  testOrg,
  testOrgs,
  testPeer,
  testServiceConfig,
} from '@apollo/testing';
import { LeadsModule } from '../leads.module.js';
import { leadsSchema } from '../leads.schema.js';

/** Milliseconds in which an import of a few rows is done, also on a slow machine: two looks of the scheduler, and its work. */
const USUAL_MS = 20_000;

type Import = leadsMessages.LeadImport;
type Settings = Omit<leadsMessages.StartImportRequest, 'file_name'>;

/** The leads service over the bus, with what uploading a file takes, and any number of its instances. */
export interface ImportWorld {
  readonly test: TestDatabase;
  /** Where somebody stands, as orgs says; undefined while orgs does not answer. An Owner at first. */
  standing: (org: string, user: string) => orgsMessages.Standing | undefined;
  ask<Request extends object, Reply extends object>(
    org: TestOrg,
    contract: RequestContract<Request, Reply>,
    request: NoInfer<Request>,
    role?: Role,
  ): Promise<Reply>;
  /** Asks as whoever acts where it is called. */
  askAs<Request extends object, Reply extends object>(
    contract: RequestContract<Request, Reply>,
    request: NoInfer<Request>,
  ): Promise<Reply>;
  /** The stable code of a refusal; fails when there is an answer. */
  code<Request extends object>(
    org: TestOrg,
    contract: RequestContract<Request>,
    request: NoInfer<Request>,
    role?: Role,
  ): Promise<string>;
  /** Starts an import and sends the whole file, without waiting for the work. */
  send(org: TestOrg, file: string | Buffer, settings: Settings, chunkBytes?: number, role?: Role): Promise<Import>;
  /** Waits until so many rows took effect, or the import has ended. */
  reached(org: TestOrg, id: string, rows: number): Promise<Import>;
  /** Waits until an import has ended. */
  ended(org: TestOrg, id: string): Promise<Import>;
  /** Sends a file and waits. */
  import(org: TestOrg, file: string | Buffer, settings: Settings, chunkBytes?: number, role?: Role): Promise<Import>;
  /** Takes an import back and waits. */
  undone(org: TestOrg, id: string): Promise<Import>;
  /** Whether an import of an organization of its own is done within the usual time. */
  isServed(): Promise<boolean>;
  problems(org: TestOrg, id: string): Promise<leadsMessages.ImportError[]>;
  leads(org: TestOrg): Promise<leadsMessages.Lead[]>;
  startInstance(): Promise<void>;
  /** Stops the instance that was started first. */
  stopOldest(): Promise<void>;
  stop(): Promise<void>;
}

export async function importWorld(): Promise<ImportWorld> {
  const test = await testDatabase(leadsSchema);
  const gateway = await testPeer('gateway');
  const orgs = await testOrgs((org, user) => world.standing(org, user));
  const instances: RunningService[] = [];
  const startInstance = async (): Promise<void> => {
    instances.push(
      await startService({
        name: 'leads',
        schema: leadsSchema,
        config: testServiceConfig('leads', test),
        module: LeadsModule,
      }),
    );
  };
  await startInstance();
  const ask: ImportWorld['ask'] = (org, contract, request, role = 'owner') =>
    org.as(() => gateway.bus.request(contract, request, { timeoutMs: 30_000 }), { role, signOuts: 0 });
  const reached: ImportWorld['reached'] = async (org, id, rows) => {
    for (;;) {
      // Some specs cut the very connection that this is asked over.
      const state = await ask(org, GetImport, { id }).catch((error: DomainError) =>
        error.code === 'service_unavailable' ? null : Promise.reject(error),
      );
      if (state && (state.finished_at || state.rows_read >= rows)) return state;
      await sleep(10);
    }
  };
  const ended: ImportWorld['ended'] = (org, id) => reached(org, id, Infinity);
  const send: ImportWorld['send'] = async (org, file, settings, chunkBytes = 512 * 1024, role = 'owner') => {
    const bytes = Buffer.from(file);
    const { id } = await ask(org, StartImport, { file_name: 'list.csv', ...settings }, role);
    let chunks = 0;
    for (let at = 0; at < bytes.length; at += chunkBytes) {
      const data = bytes.subarray(at, at + chunkBytes).toString('base64');
      await ask(org, AppendImportChunk, { id, seq: chunks++, data }, role);
    }
    return ask(org, FinishImport, { id, chunks, sha256: createHash('sha256').update(bytes).digest('hex') }, role);
  };
  const imported: ImportWorld['import'] = async (org, ...sent) => ended(org, (await send(org, ...sent)).id);
  const world: ImportWorld = {
    test,
    standing: () => ({ status: 'active', role: 'owner' }),
    ask,
    askAs: (contract, request) => gateway.bus.request(contract, request, { timeoutMs: 30_000 }),
    send,
    reached,
    ended,
    startInstance,
    stopOldest: async () => instances.shift()?.stop(),
    code: async (org, contract, request, role) => {
      const answer = await ask(org, contract, request, role).catch((error: DomainError) => error);
      if (!(answer instanceof Error)) return `was answered: ${JSON.stringify(answer)}`;
      return (answer as DomainError).code;
    },
    import: imported,
    undone: async (org, id) => {
      let state = await ask(org, UndoImport, { id });
      while (state.status === 'undoing') {
        await sleep(20);
        state = await ask(org, GetImport, { id });
      }
      return state;
    },
    isServed: async () => {
      const late = Symbol('late');
      const done = imported(testOrg(), 'Name\nAda\nGrace\n', { mapping: { Name: 'contact_name' } });
      done.catch(() => undefined);
      const first = await Promise.race([done, sleep(USUAL_MS, late, { ref: false })]);
      return first !== late && (first as Import).status === 'finished';
    },
    problems: async (org, id) => (await ask(org, ListImportErrors, { id, limit: 200 })).items,
    leads: async (org) => {
      const found: leadsMessages.Lead[] = [];
      let cursor: string | undefined;
      do {
        const page: leadsMessages.LeadList = await ask(org, ListLeads, { sort: 'created_at', limit: 200, cursor });
        found.push(...page.items);
        cursor = page.next_cursor ?? undefined;
      } while (cursor);
      return found;
    },
    stop: async () => {
      await gateway.close();
      await Promise.all(instances.map((instance) => instance.stop()));
      await orgs.close();
      await test.drop();
    },
  };
  return world;
}
