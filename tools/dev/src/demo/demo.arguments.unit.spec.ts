import { StartFailure } from '@apollo/servers';
import { readArguments, SAMPLE } from './demo.arguments.js';

describe('what the demo is told', () => {
  it('is a list and a country, or those that come with it', () => {
    expect(readArguments([])).toEqual({ csv: SAMPLE, country: 'DE' });
    expect(readArguments(['--csv', '/lists/a.csv', '--country', 'br'])).toEqual({ csv: '/lists/a.csv', country: 'BR' });
    expect(readArguments(['/lists/a.csv'])).toMatchObject({ csv: '/lists/a.csv' });
  });

  it.each([
    [['--country', 'XX'], 'XX is no country'],
    [['--country', 'Germany'], 'GERMANY is no country'],
    [['--help'], "Unknown option '--help'"],
  ])('is refused in one line, before anything is made, where it is none: %s', (args, line) => {
    expect(() => readArguments(args)).toThrow(StartFailure);
    expect(() => readArguments(args)).toThrow(line);
    expect(() => readArguments(args)).toThrow('npm run demo -- --csv FILE --country DE');
  });
});
