import { benchArguments, SCENARIOS } from './bench.arguments.js';

describe('bench arguments', () => {
  it('ask for everything when nothing is said', () => {
    expect(benchArguments([])).toEqual({ quick: false, json: undefined, docs: false, only: [...SCENARIOS] });
  });

  it('narrow the run', () => {
    expect(benchArguments(['--quick', '--only', 'list,create', '--json', 'out.json'])).toEqual({
      quick: true,
      json: 'out.json',
      docs: false,
      only: ['list', 'create'],
    });
  });

  it.each([['--only', 'lists'], ['--fast'], ['list']])('refuse %s %s instead of guessing', (...args) => {
    expect(() => benchArguments(args)).toThrow();
  });
});
