import { readFile } from 'node:fs/promises';
import {
  LARGEST_GRANT,
  LARGEST_NOTE,
  OPEN_OF_A_KIND,
  PATIENCE,
  STOPPED_JOB,
  TOO_MANY_JOBS,
  workFunctions,
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
