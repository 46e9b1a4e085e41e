import { readFile } from 'node:fs/promises';
import { schemaSql } from '@apollo/tenancy/postgres';
import {
  LARGEST_GRANT,
  LARGEST_NOTE,
  OPEN_OF_A_KIND,
  PATIENCE,
  STOPPED_JOB,
  TOO_MANY_JOBS,
  workFunctions,
  workTables,
} from './job.tables.js';

describe('the functions of jobs', () => {
  it.each([
    ['start_job', `octet_length(told::text) > ${LARGEST_NOTE}`],
    ['keep_job', `octet_length(told::text) > ${LARGEST_NOTE}`],
    ['start_job', `octet_length(granted) > ${LARGEST_GRANT}`],
    ['start_job', `count(*) filter (where j.kind = of_kind) >= ${OPEN_OF_A_KIND}`],
    ['start_job', `using errcode = '${TOO_MANY_JOBS}'`],
    ['claim_job', `clock_timestamp() - interval '${PATIENCE} seconds'`],
    ['claim_job', `greatest(${PATIENCE + 1}, 0)`],
    ['keep_job', `greatest(${PATIENCE + 1}, 0)`],
    ['refuse_stopped_job', `using errcode = '${STOPPED_JOB}'`],
  ])('have the numbers of the code: %s says %s', async (name, literal) => {
    expect(await readFile(new URL(`${name}.sql`, workFunctions), 'utf8')).toContain(literal);
  });
});

describe('the tables of jobs', () => {
  it('are as services have migrated them: another form takes a migration of each', async () => {
    const tables = workTables('sample');
    const made = { service: 'sample', tables, rules: [], packageUrl: new URL(import.meta.url), functions: [] };
    const golden = await readFile(new URL('../golden/tables.sql', import.meta.url), 'utf8');
    expect(await schemaSql(made)).toBe(golden);
  });
});
