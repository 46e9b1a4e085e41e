import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runInNewContext } from 'node:vm';
import MutantEnvironment from './mutant.environment.mjs';
import { MutantJournal } from './mutant.journal.mjs';
import { reportOf } from './mutant.report.mjs';
import { outcomeOf } from './mutant.runs.mjs';
import { confidence, sampleOf } from './mutant.sample.mjs';
import { mutantsIn, mutantsOf, mutated, probed, writingDown } from './mutant.sources.mjs';
import { sqlMutants } from './mutant.sql.mjs';
import { SURVIVORS } from './survivors.list.mjs';

const root = join(import.meta.dirname, '../../../..');
const file = 'libs/door/src/door.ts';
const names = (text) => mutantsIn(file, text).map(({ name }) => name);

describe('mutants', () => {
  it.each([
    [
      'conditions',
      'if (a && !b) c();',
      ['condition: a && !b → !(a && !b)', 'condition: a && !b → (a || !b)', 'condition: !b → b'],
    ],
    ['comparisons, once each', 'if (a === b) c();', ['condition: a === b → (a !== b)']],
    ['bounds', 'const x = a < b;', ['boundary: a < b → (a <= b)']],
    ['what stands for a missing value', 'const x = a ?? b;', ['condition: a ?? b → a']],
    ['awaits', 'const x = await f();', ['await: await f() → f()']],
    [
      'numbers and names',
      "const x = [7, 'kind'];",
      ["constant: [7, 'kind'] → []", 'constant: 7 → (7 + 1)', "constant: 'kind' → ''"],
    ],
    ['last arguments', 'const x = f(a, b);', ['argument: f(a, b) → f(a)']],
    ['… also where nobody may be called', 'const x = f?.(a, b);', ['argument: f?.(a, b) → f?.(a)']],
    ['properties', 'const x = { a, b: c };', ['property: without a,', 'property: without b: c']],
    ['methods', 'const x = a.every(b);', ['method: a.every(b) → a.some(b)']],
  ])('change %s', (_what, text, wanted) => {
    expect(
      names(text)
        .filter((name) => !name.includes(': statement: '))
        .map((name) => name.split(': ').slice(1).join(': ')),
    ).toEqual(wanted);
  });

  it('leave out statements, and give nothing back', () => {
    expect(names('function f() {\n  g();\n  return h;\n}')).toEqual([
      'f: statement: without g();',
      'f: return: h → undefined',
    ]);
    expect(names('const f = () => void g();')).toEqual([]);
  });

  it.each([
    ["import { a } from './a.js';"],
    ['interface A { readonly b: 1 }'],
    ["throw new Error('Some words for people.');"],
    ['const [a] = b; ({ c } = d);'],
    ['const tagged = sql`select 1`;'],
  ])('leave alone what says nothing when it is changed: %s', (text) => {
    expect(names(text).filter((name) => !name.includes('statement'))).toEqual([]);
  });

  it('change conditions of SQL one by one', () => {
    const found = sqlMutants("'select 1 from a where b = :b and c is null'");
    expect(found).toEqual([
      "'select 1 from a where b = :b or c is null'",
      "'select 1 from a where b = :b and c is not null'",
      "'select 1 from a where b = :b '",
    ]);
    expect(sqlMutants("'this or that'")).toEqual([]);
  });

  it('are named by where and what, whatever the lines before them; those that look the same are counted', () => {
    const [one] = mutantsIn(file, 'function f() { return a < b; }').filter(({ name }) => name.includes('boundary'));
    const [same] = mutantsIn(file, '\n\nfunction f() { return a < b; }').filter(({ name }) =>
      name.includes('boundary'),
    );
    expect([one?.key, one?.line, same?.line]).toEqual([same?.key, 1, 3]);
    expect(mutantsIn(file, 'f(1); f(1);').map(({ key }) => key.slice(-2))).toEqual(
      expect.arrayContaining(['#1', '#2']),
    );
  });

  it('are one change of the text each', () => {
    const text = 'const x = { a: 1, b };';
    expect(mutantsIn(file, text).map((mutant) => mutated(text, mutant))).toEqual(
      expect.arrayContaining(['const x = {  b };', 'const x = { a: (1 + 1), b };', 'const x = { a: 1,  };']),
    );
  });
});

describe('a source that tells what of it is reached', () => {
  const text = `
    const known = { kind: 'kit', count };
    export function f(a, b) {
      if (a?.filter(Boolean).length > 1 && !b) return known;
      g(a, b);
      return [a, b].every((each) => each > 0) ? known.kind : undefined;
    }
  `;
  const mutants = mutantsIn(file, text).map((mutant, id) => ({ ...mutant, id }));
  const made = (reached) =>
    runInNewContext(`${probed(text, mutants).replace('export ', '')} f;`, {
      count: 5,
      g: () => undefined,
      apolloReached: (...ids) => ids.forEach((id) => reached.add(id)),
    });
  const namesOf = (reached) => mutants.filter(({ id }) => reached.has(id)).map(({ name }) => name);

  it('does what it did, and tells of each place when it is evaluated', () => {
    const reached = new Set();
    const f = made(reached);
    expect(namesOf(reached).every((name) => name.startsWith('known: '))).toBe(true);
    const answers = [f(undefined, 1), f([1, 2], 0), f([1], 1)];
    expect(JSON.stringify(answers)).toBe('[null,{"kind":"kit","count":5},"kit"]');
    expect(reached.size).toBe(mutants.length);
  });

  it('writes each place down once in a process where nobody hears it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'apollo-checks-spec-'));
    const log = join(folder, 'reached.log');
    const told = `${writingDown(log)} globalThis.apolloReached(1, 2); globalThis.apolloReached(2, 3);`;
    const own = { getBuiltinModule: process.getBuiltinModule };
    runInNewContext(told, { process: own });
    expect(readFileSync(log, 'utf8')).toBe('1\n2\n3\n');
    const heard = [];
    runInNewContext(told, { process: own, apolloReached: (...ids) => heard.push(...ids) });
    expect([heard, readFileSync(log, 'utf8')]).toEqual([[1, 2, 2, 3], '1\n2\n3\n']);
    rmSync(folder, { recursive: true });
  });
});

describe('a sample', () => {
  const all = Array.from({ length: 50 }, (_, nth) => ({ key: `key ${nth}` }));

  it('is the same for a seed, another for another one, and stays when others come or more are asked for', () => {
    expect(sampleOf(all, 5, 1)).toEqual(sampleOf(all.toReversed(), 5, 1));
    expect(sampleOf(all, 5, 1)).not.toEqual(sampleOf(all, 5, 2));
    expect(sampleOf(all, 10, 1).slice(0, 5)).toEqual(sampleOf(all, 5, 1));
  });

  it('says how sure its share is', () => {
    expect(confidence(85, 100).map((share) => Math.round(share * 1000))).toEqual([767, 907]);
    expect(confidence(10, 10)[1]).toBeCloseTo(1);
    expect(confidence(0, 0)).toEqual([0, 1]);
  });
});

describe('the outcome of a run', () => {
  const ran = (status, assertionResults, message = '') => ({
    ended: { timedOut: false },
    report: { testResults: [{ name: '/copy/libs/door/src/door.int.spec.ts', status, message, assertionResults }] },
    output: '',
  });
  const test = (...failureMessages) => ({
    fullName: 'door shuts',
    status: failureMessages.length ? 'failed' : 'passed',
    failureMessages,
  });

  it.each([
    ['nothing', ran('passed', [test()]), undefined],
    ['an assertion', ran('failed', [test('Error: expect(received).toBe(expected)')]), 'assertion'],
    ['an error', ran('failed', [test('TypeError: x is not a function')]), 'error'],
    ['a spec that cannot start', ran('failed', [], 'Cannot find module'), 'error'],
    ['a test that hangs', ran('failed', [test('thrown: "Exceeded timeout of 5000 ms for a test.')]), 'hang'],
    ['a run that hangs', { ended: { timedOut: true }, output: '' }, 'hang'],
    ['a run that breaks off', { ended: { timedOut: false }, output: 'out of memory' }, 'error'],
  ])('is %s', (_what, run, how) => {
    expect(outcomeOf('/copy', run).how).toBe(how);
  });
});

describe('where specs run', () => {
  it('leaves tests out once one has failed, but none that a hook has failed before it began', () => {
    const environment = { hasFailed: false };
    const handle = (event) => MutantEnvironment.prototype.handleTestEvent.call(environment, event);
    const begun = (errors = []) => {
      const test = { errors };
      handle({ name: 'test_start', test });
      return test.mode;
    };
    expect(begun()).toBeUndefined();
    handle({ name: 'hook_failure' });
    expect([begun(['by a hook']), begun()]).toEqual([undefined, 'skip']);
  });
});

describe('what is known from runs before', () => {
  it('holds until the source or the spec that noticed changes', () => {
    const folder = mkdtempSync(join(tmpdir(), 'apollo-checks-spec-'));
    const write = (path, text) => {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    };
    const spec = 'libs/door/src/door.unit.spec.ts';
    write(file, 'one');
    write(spec, 'spec');
    write('libs/door/src/window.ts', 'other');
    const journal = () => new MutantJournal(folder, 'libs/door');
    journal().note({ key: 'noticed', file }, { how: 'assertion', spec });
    const later = journal();
    later.note({ key: 'not', file }, { tried: { [spec]: '1' } });
    const known = () => ['noticed', 'not'].map((key) => journal().outcomeOf({ key, file }) !== undefined);
    expect(known()).toEqual([true, true]);
    write('libs/door/src/window.ts', 'changed');
    expect(known()).toEqual([true, false]);
    write(spec, 'changed');
    expect(known()).toEqual([false, false]);
    rmSync(folder, { recursive: true });
  });
});

describe('the report', () => {
  const mutant = (name) => ({ key: name, name, file, line: 1 });
  const [one, other, third] = ['one', 'other', 'third'].map(mutant);
  const noticed = { how: 'assertion' };
  const list = (name) => [{ file, mutant: name, reason: 'means the same' }];

  it('passes what is noticed or named, and fails for the rest', () => {
    const drawn = [
      ...Array.from({ length: 9 }, () => ({ mutant: one, outcome: noticed })),
      { mutant: other, outcome: {} },
    ];
    expect(reportOf(drawn, [one, other], [])).toMatchObject({ passed: 9, failed: 1 });
    expect(reportOf(drawn, [one, other], list('other'))).toMatchObject({ passed: 10, failed: 0 });
  });

  it('fails for too few, for what was not tried, and for entries that stand for nothing', () => {
    const few = [
      { mutant: one, outcome: noticed },
      { mutant: other, outcome: {} },
    ];
    expect(reportOf(few, [one, other], list('other')).failed).toBe(1);
    expect(reportOf([{ mutant: third, outcome: undefined }], [third], []).failed).toBe(1);
    expect(reportOf([{ mutant: one, outcome: noticed }], [one], list('gone')).failed).toBe(1);
    expect(reportOf([{ mutant: one, outcome: noticed }], [one], list('one')).failed).toBe(1);
  });
});

describe('the list of survivors', () => {
  it('has mutants that there are, each with a reason', () => {
    for (const [library, listed] of Map.groupBy(SURVIVORS, (each) => each.file.split('/', 2).join('/'))) {
      const there = new Set(mutantsOf(root, library).map(({ file: of, name }) => `${of} ${name}`));
      expect(listed.map((each) => `${each.file} ${each.mutant}`).filter((each) => !there.has(each))).toEqual([]);
    }
    expect(SURVIVORS.filter(({ reason }) => reason.length < 10)).toEqual([]);
  });
});
