import { functionCall, migrate } from '@apollo/tenancy/postgres';
import { asPlatform, databaseBefore, type TestDatabase, type TestOrg, testOrg } from '@apollo/testing';
import { newId, NIL_ID } from '@apollo/tenancy';
import { Jobs } from '@apollo/work';
import { leadsSchema } from '../leads.schema.js';
import { IMPORT_JOB } from './import.limits.js';

const watch = functionCall<object, { id: string; seconds: number }>(
  'watch import',
  'select leads.watch_import(:id, :seconds)',
);
const unwatch = functionCall<object, { id: string }>('unwatch import', 'select leads.unwatch_import(:id)');
const find = functionCall('imports that need somebody', 'select * from leads.find_stalled_imports()');

describe('imports under way when the version before is replaced', () => {
  let test: TestDatabase;
  let jobs: Jobs;
  const org = testOrg();
  const id = newId();

  /** An import as the version before has it. */
  async function plant(of: TestOrg, importId: string): Promise<void> {
    const pipeline = newId();
    await test.admin(`insert into leads.pipelines values ($1, $2, 'Sales', true, false, now(), 1)`, [of.id, pipeline]);
    await test.admin(
      `insert into leads.imports (org_id, id, file_name, status, pipeline_id, mapping, value_decimals, started_by, received_bytes, created_at)
       values ($1, $2, 'x.csv', 'running', $3, '[]', 2, $4, 0, now())`,
      [of.id, importId, pipeline, of.owner],
    );
  }
  const due = () => asPlatform(() => jobs.findDue(NIL_ID));

  beforeAll(async () => {
    test = await databaseBefore(leadsSchema, '0079');
    jobs = new Jobs(test.database, 'leads');
    await plant(org, id);
    await org.as(() => test.database.query(watch, { id, seconds: 0 }));
    await migrate(leadsSchema, test.migrateUrl);
  });
  afterAll(() => test.drop());

  it('go on as jobs, in the name of whoever started them', async () => {
    expect(await due()).toEqual([{ org_id: org.id, job_id: id, started_by: org.owner }]);
    expect(await org.as(() => jobs.claim(id, newId()))).toMatchObject({ kind: IMPORT_JOB, attempts: 1 });
  });

  it('are expected, brought on and ended by instances of the version before, which find nothing more to take up', async () => {
    const [other, another] = [testOrg(), newId()];
    await plant(other, another);
    const as = <T>(fn: () => Promise<T>): Promise<T> => other.as(fn);
    await as(() => test.database.query(watch, { id: another, seconds: 0 }));
    expect(await due()).toEqual([{ org_id: other.id, job_id: another, started_by: other.owner }]);
    expect(await asPlatform(() => test.database.query(find, {}))).toEqual([]);
    await as(() => test.database.query(watch, { id: another, seconds: 31 }));
    expect(await due()).toEqual([]);
    await as(() => test.database.query(unwatch, { id: another }));
    expect((await as(() => jobs.find(another)))?.state).toBe('cancelled');
  });
});
