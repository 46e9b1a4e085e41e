import { headingOf } from './csv.heading.js';

describe('the heading of a CSV file', () => {
  it.each([
    ['a,b\n1,2', ',', ['a', 'b']],
    ['\uFEFFa; b ;c\r\n1;2;3', ';', ['a', 'b', 'c']],
    ['a\tb', '\t', ['a', 'b']],
    ['\n \na|b\n', '|', ['a', 'b']],
    ['"one, two";"three\nfour"\nx;y', ';', ['one, two', 'three\nfour']],
    ['alone\nx', ',', ['alone']],
  ])('is read from %j', (text, delimiter, headings) => {
    expect(headingOf(text)).toEqual({ delimiter, headings });
  });

  it.each(['', '\n\n', ',,,\n1,2,3,4', '"never closed'])('is not there in %j', (text) => {
    expect(headingOf(text)).toBeUndefined();
  });

  it('is not there when the beginning of the file holds no end of it', () => {
    expect(headingOf('a,b,c', false)).toBeUndefined();
  });
});
