import { statementsOf } from './sql.statements.js';

describe('the statements of a migration', () => {
  it('end at semicolons, but for those in texts, names, bodies and comments', () => {
    const whole = [
      "insert into a values ('x;''y;')",
      'alter table "a;b" add c int',
      '-- one; two\ncreate function f() returns int language sql as $$ select 1; select 2; $$',
      'create function g() returns text language sql as $body$ select $$;$$; $body$',
      'select /* a; b */ 1',
    ];
    expect(statementsOf(`\n${whole.join(';\n\n')};\n`)).toEqual(whole);
    expect(statementsOf(whole.join(';'))).toEqual(whole);
    expect(statementsOf(' \n')).toEqual([]);
  });
});
