import { withoutGuard } from './guard.copy.mjs';
import { chooseGuards } from './guard.selection.mjs';
import { BEFORE_ALL, judgeBaseline, judgeRemoval, judgeSoak, judgeSoakBaseline } from './guard.verdict.mjs';

const spec = 'libs/door/src/door.int.spec.ts';
const guard = { id: 'door-lock', file: 'libs/door/src/door.ts', find: 'locked && ', replace: '', spec, test: 'H1|H2' };
const ASSERTED = 'Error: expect(received).toBe(expected) // Object.is equality\n\nExpected: 404\nReceived: 200';

const test = (fullName, ...failureMessages) => ({
  fullName,
  status: failureMessages.length > 0 ? 'failed' : 'passed',
  failureMessages,
});
const skipped = (fullName) => ({ fullName, status: 'pending', failureMessages: [] });
const ran = (assertionResults, change = {}) => {
  const failed = assertionResults.some(({ status }) => status === 'failed');
  return {
    ended: { code: failed ? 1 : 0, timedOut: false },
    output: '',
    report: {
      numRuntimeErrorTestSuites: 0,
      testResults: [{ name: spec, status: failed ? 'failed' : 'passed', message: '', assertionResults }],
      ...change,
    },
  };
};
/** A suite that Jest could not start. */
const unstarted = ran([], {
  numRuntimeErrorTestSuites: 1,
  testResults: [{ name: spec, status: 'failed', message: "  ● Test suite failed\n\n    Cannot find module 'pg'" }].map(
    (file) => ({ ...file, assertionResults: [] }),
  ),
});

describe('choosing guards', () => {
  const guards = [{ id: 'tag-signature' }, { id: 'tag-expiry' }, { id: 'door-sender' }];

  it('takes all when nothing is asked for, and else those whose id contains a word', () => {
    expect(chooseGuards(guards, []).chosen).toHaveLength(3);
    expect(chooseGuards(guards, ['tag', 'sender'])).toEqual({ chosen: guards, unknown: [] });
    expect(chooseGuards(guards, ['expiry']).chosen).toEqual([{ id: 'tag-expiry' }]);
  });

  it('names every word that is in no id, with the ids that are near', () => {
    const { unknown } = chooseGuards(guards, ['tag', 'tag-signatur3', 'xyz']);
    expect(unknown.map(({ word }) => word)).toEqual(['tag-signatur3', 'xyz']);
    expect(unknown[0].near[0]).toBe('tag-signature');
    expect(unknown[1].near).toEqual([]);
  });
});

describe('taking a guard out', () => {
  it('removes its text', () => {
    expect(withoutGuard('return locked && shut;', guard)).toEqual({ text: 'return shut;' });
  });

  it.each([
    ['whose text is not there', 'return shut;', guard, /not in libs\/door\/src\/door\.ts exactly once/],
    ['whose text is there twice', 'a(locked && b, locked && c)', guard, /exactly once/],
    [
      'in whose place stands the same',
      'return locked && shut;',
      { ...guard, replace: 'locked && ' },
      /removes nothing/,
    ],
    [
      'of which only the spacing changes',
      'return locked && shut;',
      { ...guard, replace: 'locked  &&' },
      /removes nothing/,
    ],
  ])('refuses one %s', (_name, source, entry, problem) => {
    expect(withoutGuard(source, entry).problem).toMatch(problem);
  });
});

describe('the baseline', () => {
  it('is good when the named tests pass, whatever tests of other guards do', () => {
    expect(judgeBaseline(guard, ran([test('a H1'), test('b H7', ASSERTED), skipped('c')])).ok).toBe(true);
  });

  it.each([
    ['fails with the guard in place', ran([test('a H1', ASSERTED)]), /fails with the guard in place: a H1/],
    ['executes nothing', ran([skipped('a H1'), test('b H7')]), /no test was executed/],
    ['cannot start', unstarted, /the spec cannot start: Cannot find module 'pg'/],
    [
      'ends without a report',
      { ended: { code: 1, timedOut: false }, output: 'Error: x' },
      /its end \(code 1\): Error: x/,
    ],
    ['does not end', { ...ran([test('a H1')]), ended: { code: null, timedOut: true } }, /did not end in time/],
  ])('is none when it %s', (_name, run, why) => {
    expect(judgeBaseline(guard, run)).toEqual({ ok: false, why: expect.stringMatching(why), noticed: [] });
  });
});

describe('a removal', () => {
  it('is noticed by a named test whose assertion fails', () => {
    const run = ran([test('a H1', `\u001b[31m${ASSERTED}\u001b[39m`), test('b H2'), test('c H2', 'error: syntax')]);
    expect(judgeRemoval(guard, run)).toEqual({ ok: true, why: '', noticed: ['a H1'] });
  });

  it('is noticed by an error where the guard names that one', () => {
    const run = ran([test('a H1', 'error: deadlock detected')]);
    expect(judgeRemoval({ ...guard, because: /deadlock detected/ }, run).noticed).toEqual(['a H1']);
    expect(judgeRemoval({ ...guard, because: /duplicate key/ }, run).ok).toBe(false);
    expect(judgeRemoval({ ...guard, because: /duplicate key/ }, ran([test('a H1', ASSERTED)])).ok).toBe(false);
  });

  it.each([
    ['nothing fails', ran([test('a H1')]), /nothing fails without it \(1 passed\)/],
    ['nothing is executed', ran([skipped('a H1')]), /no test was executed/],
    ['the spec cannot start', unstarted, /the spec cannot start/],
    ['the spec fails after its tests', ran([test('a H1', ASSERTED)], { numRuntimeErrorTestSuites: 1 }), /breaks off/],
    [
      'the spec fails before any test',
      ran([test('a H1', ASSERTED.replace('Error: ', `Error: ${BEFORE_ALL}: `))]),
      /the spec fails before any test: expect\(received\)/,
    ],
    [
      'a type error is thrown',
      ran([test('a H1', "TypeError: Cannot read 'x'")]),
      /no assertion fails, only: a H1: Type/,
    ],
    ['a type error is asserted', ran([test('a H1', `TypeError: in expect(received).toBe(1)`)]), /no assertion fails/],
    [
      'a matcher is given what something broken threw',
      ran([test('a H1', `${ASSERTED}\nReceived message: "tag is not defined"`)]),
      /no assertion fails/,
    ],
    [
      'a matcher is given a broken statement',
      ran([test('a H1', `${ASSERTED}\nReceived message:   "syntax error at or near \\"and\\""`)]),
      /no assertion fails/,
    ],
    ['a connection is refused', ran([test('a H1', `${ASSERTED} ECONNREFUSED`)]), /no assertion fails/],
    ['a test takes too long', ran([test('a H1', 'thrown: "Exceeded timeout of 5 ms')]), /no assertion fails/],
    [
      'a test fails that is not named',
      ran([test('a H1', ASSERTED), test('b H7', ASSERTED)]),
      /something else fails: .*: b H7/,
    ],
    ['the runner crashes', { ...ran([test('a H1', ASSERTED)]), ended: { code: null, timedOut: false } }, /its end/],
    ['the runner does not end', { ...ran([]), ended: { code: null, timedOut: true } }, /did not end in time/],
  ])('proves nothing when %s', (_name, run, why) => {
    expect(judgeRemoval(guard, run)).toEqual({ ok: false, why: expect.stringMatching(why), noticed: [] });
  });

  it('proves nothing when a test of another file fails', () => {
    const run = ran([test('a H1', ASSERTED)]);
    run.report.testResults[0].name = 'libs/door/src/other.int.spec.ts';
    expect(judgeRemoval(guard, run).why).toMatch(/something else fails: libs\/door\/src\/other\.int\.spec\.ts/);
  });
});

describe('a soak', () => {
  const soak = (code, output, timedOut = false) => ({ ended: { code, timedOut }, output });

  it('notices by a promise that it reports as broken', () => {
    const run = soak(1, '12.0 s start\n13.0 s ✗ every event once: lead 7 twice\n14.0 s end\n');
    expect(judgeSoak(run)).toEqual({ ok: true, why: '', noticed: ['every event once: lead 7 twice'] });
  });

  it.each([
    ['it keeps all', soak(0, 'every promise was kept'), /breaks no promise/],
    ['it ends with 1 and none is named', soak(1, 'Error: no port'), /ended with 1/],
    ['it could not be tried', soak(2, '✗ a promise'), /ended with 2/],
    ['it does not end', soak(null, '✗ a promise', true), /did not end in time/],
  ])('proves nothing when %s', (_name, run, why) => {
    expect(judgeSoak(run)).toEqual({ ok: false, why: expect.stringMatching(why), noticed: [] });
  });

  it('is a baseline only if it keeps every promise', () => {
    expect(judgeSoakBaseline(soak(0, 'kept')).ok).toBe(true);
    expect(judgeSoakBaseline(soak(1, '✗ a promise')).why).toMatch(/^baseline: .*a promise/);
  });
});
