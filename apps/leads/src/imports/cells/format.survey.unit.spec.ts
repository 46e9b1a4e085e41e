import { FormatSurvey } from './format.survey.js';

describe('the formats of columns', () => {
  it.each(['Since', 'constructor', 'toString', '__proto__'])('are found by the cells of one called %s', (heading) => {
    const survey = new FormatSurvey([{ heading, index: 0, sort: 'date' }], {}, null);
    survey.add(['31/12/2026']);
    expect(Object.entries(survey.result())).toEqual([[heading, 'day-month-year']]);
  });

  it('are what is told where it is told', () => {
    const told = { constructor: 'month-day-year' } as never;
    const survey = new FormatSurvey([{ heading: 'constructor', index: 0, sort: 'date' }], told, null);
    survey.add(['31/12/2026']);
    expect(survey.result()).toEqual(told);
  });

  const looked = (sort: 'number' | 'date', ...cells: string[]) => {
    const survey = new FormatSurvey([{ heading: 'C', index: 0, sort }], {}, 'EUR');
    for (const cell of cells) survey.add([cell]);
    return survey;
  };
  const likely = (country: string, sort: 'number' | 'date', ...cells: string[]) => {
    const survey = looked(sort, ...cells);
    return [survey.result()['C'], survey.likely(country)['C']];
  };

  it('are only likely where nothing but the habits of a country speak for them', () => {
    expect([
      likely('DE', 'number', '12.000 €'),
      likely('US', 'number', '$12,000'),
      likely('PT', 'number', '1.200'),
    ]).toEqual([
      [undefined, '1.234,56'],
      [undefined, '1,234.56'],
      [undefined, '1.234,56'],
    ]);
    expect([likely('DE', 'date', '03/04/2024'), likely('US', 'date', '03/04/2024')]).toEqual([
      [undefined, 'day-month-year'],
      [undefined, 'month-day-year'],
    ]);
  });

  it('are not even likely where cells speak against them, decide, or need none, or the habits are not known', () => {
    // A fraction of three digits is as unlikely as a mark of thousands from elsewhere.
    expect(likely('DE', 'number', '1,200')).toEqual([undefined, undefined]);
    expect(likely('DE', 'number', '1.200', '1,300')).toEqual([undefined, undefined]);
    expect(likely('DE', 'number', '1.200', '0.5')).toEqual(['1,234.56', undefined]);
    expect(likely('DE', 'number', '12', '2024')).toEqual([undefined, undefined]);
    expect(likely('DE', 'date', '03/04/2024', '03/14/2024')).toEqual(['month-day-year', undefined]);
    expect(likely('DE', 'date', '03/14/2024', '14/03/2024')).toEqual([undefined, undefined]);
    expect(likely('DE', 'date', '5/5/2024', '2024-03-04')).toEqual([undefined, undefined]);
    // Where the year comes first, nothing tells of the rest; of some languages nothing is known here.
    expect([likely('SE', 'date', '03/04/2024'), likely('PY', 'date', '03/04/2024')]).toEqual([
      [undefined, undefined],
      [undefined, undefined],
    ]);
  });

  it('tell of times of day beside dates, midnight apart', () => {
    expect([...looked('date', '2024-03-05 00:00:00').timed(), ...looked('date', '3/5/2024').timed()]).toEqual([]);
    expect([...looked('date', '3/5/2024 2:30 PM').timed()]).toEqual(['C']);
  });

  it('tell of years of another calendar, with an example', () => {
    expect(looked('date', '05/03/2567', '25/03/2567').dateNotes('TH').get('C')).toEqual([
      'Years are read as those of another calendar: 05/03/2567 is 2024-03-05.',
    ]);
    expect(looked('date', '1402/12/15').dateNotes('IR').get('C')).toEqual([
      'Years are read as those of another calendar: 1402/12/15 is 2024-03-05.',
    ]);
    expect(looked('date', '1402/12/15').dateNotes('DE').get('C')).toEqual([]);
    expect(looked('date', '2024-03-05').dateNotes('TH').get('C')).toEqual([]);
  });

  it('tell of days as spreadsheets count them, with an example, and of dates of nothing but zeros', () => {
    expect(looked('date', '2024-03-05', '45356').dateNotes().get('C')).toEqual([
      'Numbers are read as the days that spreadsheets count: 45356 is 2024-03-05.',
    ]);
    expect(looked('date', '1709626320').dateNotes().get('C')).toEqual([
      'Numbers are read as seconds, or thousandths of them, since 1970: 1709626320 is 2024-03-05.',
    ]);
    for (const none of ['00.00.0000', '0000-00-00', '00/00/0000'])
      expect(looked('date', none).dateNotes().get('C')).toEqual(['Dates of nothing but zeros count as empty.']);
    expect(looked('date', '2024-03-05').dateNotes().get('C')).toEqual([]);
  });
});
