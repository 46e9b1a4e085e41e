import { orgContext, testOrg } from '@apollo/testing';
import { newId, runInTenantContext } from '@apollo/tenancy';
import type { TenantDatabase } from '@apollo/tenancy/postgres';
import type { CursorCodec } from '../lists/cursor.codec.js';
import { AuditTrail } from './audit.trail.js';

describe('an audit trail', () => {
  interface Written {
    readonly by: string;
    readonly detail: string;
    readonly request: string;
  }
  const written: Written[] = [];
  const keep = (_statement: unknown, entry: Written): void => void written.push(entry);
  const database = {
    transaction: (work: (transaction: object) => Promise<void>) => work({ defer: keep }),
    batch: ([[statement, entry]]: [[unknown, Written]]) => Promise.resolve(keep(statement, entry)),
  } as unknown as TenantDatabase;
  const trail = new AuditTrail(database, {} as CursorCodec, 'sample');

  it('names who acted for the actor, done or denied, whatever its caller says', async () => {
    const org = testOrg();
    const via = { service: 'agents', run: newId(), as: 'Chief of Staff' };
    const said = { rows: 1, via: { service: 'nobody' } };
    await org.as(() => trail.done('a', null, said), { delegation: { ...via, grant: 'the text' } });
    await org.as(() => trail.denied('a', null, said), { delegation: via });
    await org.as(() => trail.done('a', null, said));
    const entry = { by: org.owner };
    expect(written.map(({ by, detail }) => ({ by, detail: JSON.parse(detail) as object }))).toEqual([
      { ...entry, detail: { rows: 1, via } },
      { ...entry, detail: { rows: 1, via } },
      { ...entry, detail: { rows: 1 } },
    ]);
  });

  it('keeps of the id of a request as much as there is room for', async () => {
    const requestId = 'r'.repeat(100);
    await runInTenantContext({ ...orgContext(newId(), newId(), 'owner'), requestId }, () => trail.denied('a', null));
    expect(written.at(-1)?.request).toBe('r'.repeat(64));
  });
});
