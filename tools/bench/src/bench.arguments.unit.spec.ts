import { benchArguments, SCENARIOS } from './bench.arguments.js';

describe('bench arguments', () => {
  it('ask for everything when nothing is said', () => {
    expect(benchArguments([])).toEqual({
      quick: false,
      json: undefined,
      docs: false,
      only: [...SCENARIOS],
      against: undefined,
      rounds: 5,
      without: [],
    });
  });

  it('narrow the run', () => {
    expect(benchArguments(['--quick', '--only', 'list,create', '--json', 'out.json'])).toEqual({
      quick: true,
      json: 'out.json',
      docs: false,
      only: ['list', 'create'],
      against: undefined,
      rounds: 5,
      without: [],
    });
  });

  it('ask another checkout for what both can be compared by', () => {
    expect(benchArguments(['--against', '../before', '--rounds', '3'])).toMatchObject({
      against: '../before',
      rounds: 3,
      only: ['list', 'create', 'events', 'reserve'],
    });
  });

  it.each([
    ['--only', 'lists'],
    ['--fast'],
    ['list'],
    ['--against', '..', '--only', 'idle'],
    ['--against', '..', '--rounds', '0'],
    ['--against', '..', '--docs'],
    ['--rounds', '3'],
    ['--without', 'nobody'],
    ['--against', '..', '--without', 'agents'],
  ])('refuse %s %s %s %s instead of guessing', (...args) => {
    expect(() => benchArguments(args)).toThrow();
  });
});
