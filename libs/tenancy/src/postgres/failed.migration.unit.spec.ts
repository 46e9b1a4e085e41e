import { FailedMigrationError } from './failed.migration.js';

const lines = (error: FailedMigrationError): string[] => error.message.split('\n');

describe('a migration that failed', () => {
  it('is told with its statement’s first line and all that the database says, innermost', () => {
    const said = Object.assign(new Error('is taken\n - detail: Key (a)=(1) exists.'), {
      code: '23505',
      detail: 'Key (a)=(1) exists.',
      table: 'leads',
      constraint: 'leads_key',
    });
    const statement = '-- why it is so\n\ninsert into leads\nvalues (1)';
    const error = new FailedMigrationError('0002', statement, new Error(statement, { cause: said }));
    expect(lines(error)).toEqual([
      'Migration 0002 failed, and nothing of this run was applied.',
      '  statement: insert into leads',
      '  error: is taken (23505)',
      '  detail: Key (a)=(1) exists.',
      '  table: leads',
      '  constraint: leads_key',
    ]);
    expect([error.code, (error.cause as Error).cause]).toEqual(['23505', said]);
  });

  it('is told as it is where the database says nothing of it', () => {
    expect(lines(new FailedMigrationError('0003', '-- nothing', 'away')).slice(1)).toEqual([
      '  statement: -- nothing',
      '  error: away (no code)',
    ]);
  });
});
