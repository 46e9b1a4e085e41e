import type { DeadWorkSource } from '@apollo/service-kit';
import type { TenantDatabase } from '@apollo/tenancy/postgres';
import { Jobs } from './jobs.js';

/**
 * The jobs of a service that died, for the operators' program for dead letters.
 *
 * @param schema which has the `workTables`
 */
export function deadJobs(schema: string): (database: TenantDatabase) => DeadWorkSource {
  return (database) => {
    const jobs = new Jobs(database, schema);
    return {
      find: async () => (await jobs.findDead()).map(({ org_id, job_id: id, since }) => ({ org_id, id, since })),
      waits: async (id) => (await jobs.find(id))?.state === 'dead',
      show: async (id) => {
        const job = await jobs.find(id);
        return `job ${id}  ${job?.kind}  ${job?.state}  ${job?.error_code}  ${job?.error_detail}`;
      },
      replay: (id) => jobs.replay(id),
      giveUp: (id) => jobs.giveUp(id),
    };
  };
}
