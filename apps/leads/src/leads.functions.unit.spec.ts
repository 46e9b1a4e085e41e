import { functionFiles } from '@apollo/tenancy/postgres';
import { eventFacts } from '@apollo/testing';
import { IMPORT_JOB } from './imports/import.limits.js';
import { leadsSchema } from './leads.schema.js';

describe('the functions of leads', () => {
  it('tell of the events that the contracts declare, and take those', async () => {
    const { declared, written } = await eventFacts(leadsSchema, 'leads');
    expect(written).toEqual(declared);
  });

  it('start the job that does an import', async () => {
    const files = await functionFiles(leadsSchema);
    const text = files.find(({ name }) => name === 'functions/imports/watch_import')?.text;
    expect(text).toContain(`leads.start_job(watched, '${IMPORT_JOB}', `);
  });
});
