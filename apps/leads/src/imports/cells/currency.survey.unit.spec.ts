import { CurrencySurvey } from './currency.survey.js';

/** The places found of the columns of rows. */
function found(...rows: readonly string[][]): number[] {
  const survey = new CurrencySurvey([0, 1]);
  for (const cells of rows) survey.add(cells);
  return survey.result();
}

describe('columns that name currencies by their cells', () => {
  it('are those whose cells are all codes of a few currencies, empty ones apart', () => {
    expect(found(['EUR', 'x'], ['', 'EUR'], [' USD ', 'EUR'])).toEqual([0]);
    expect(found(['EUR', 'eur'], ['EUR', 'USA'])).toEqual([0]);
    expect(found(['EUR'], ['USD'], ['CHF'], ['GBP'])).toEqual([]);
  });

  it('are none with nothing in them, or with words of lists alone', () => {
    expect(found(['', 'ALL'], ['', 'TOP'])).toEqual([]);
    expect(found(['ALL', ''], ['EUR', ''])).toEqual([0]);
  });
});
