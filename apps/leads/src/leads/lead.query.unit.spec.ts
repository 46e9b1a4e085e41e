import { DomainError, leadsMessages } from '@apollo/contracts';
import { sortOf } from './lead.order.js';
import { filterParams, filtersOf, LEAD_FILTERS, type LeadFilterName, leadQuery } from './lead.query.js';

const sorts = [...leadsMessages.LEAD_SORTS, 'custom_field', '-custom_field', 'id'];

function subsets(names: readonly LeadFilterName[]): LeadFilterName[][] {
  return names.reduce<LeadFilterName[][]>(
    (found, name) => [...found, ...found.map((subset) => [...subset, name])],
    [[]],
  );
}

const shapes = subsets(LEAD_FILTERS).flatMap((filters) =>
  sorts.flatMap((sort) => [false, true].map((continued) => ({ filters, sort, continued }))),
);

const patterns = (text: string) =>
  text
    .split(' ')
    .map((word) => `%${word}%`)
    .join('\n');

describe('lead query', () => {
  it('has one constant text for every combination of filters, sort and page, and no two share one', () => {
    const texts = shapes.map((shape) => leadQuery(shape).text);
    expect(new Set(texts).size).toBe(shapes.length);
    const again = shapes.map((shape) => leadQuery({ ...shape, filters: [...shape.filters] }).text);
    expect(again.findIndex((text, index) => text !== texts[index])).toBe(-1);
    expect(shapes).toHaveLength(2 ** LEAD_FILTERS.length * sorts.length * 2);
  });

  it('are kept prepared where they are asked most: by one filter at most, and in the order of no one language', () => {
    const wrong = shapes.filter((shape) => {
      const isByText = /contact_name|custom_field/.test(shape.sort);
      const plain = leadQuery(shape);
      const { kept, text } = leadQuery({ ...shape, letters: 'sv' });
      return (
        (kept === false) !== (isByText || shape.filters.length > 1) ||
        text.includes('"sv-x-icu"') !== isByText ||
        (plain.kept === false) !== shape.filters.length > 1 ||
        ['und', 'x" or 1=1 --'].some((letters) => leadQuery({ ...shape, letters }).text !== plain.text)
      );
    });
    expect(wrong).toEqual([]);
    expect(shapes.filter((shape) => leadQuery(shape).kept !== false).length).toBeLessThan(400);
  });

  it('filters every combination by the acting organization first, and orders it completely', () => {
    const wrong = shapes.filter((shape) => {
      const { text, parameters } = leadQuery(shape);
      const org = parameters.indexOf('org') + 1;
      const begins = new RegExp(` from leads\\.leads l where l\\.org_id = \\$${org} (and|order by) `);
      const [, order = '', rest = ''] =
        / order by ((?:l\..+, |(?:coalesce|left)\(.+, )?l\.id(?: asc| desc)?) limit \$\d+(.*)$/.exec(text) ?? [];
      // A page that was cut from what had to be sorted, or to what an answer carries, is put in order once more.
      const ends = ['', `) l order by ${order}`, `) l) l where coalesce(before, 0) <= 600000 order by ${order}`];
      return org === 0 || !begins.test(text) || order === '' || !ends.includes(rest);
    });
    expect(wrong).toEqual([]);
  });

  it('keeps values out of the text', () => {
    const hostile = "x' or 1=1 --";
    const request = { tag: hostile, search: hostile, field: hostile, field_is: hostile };
    const { text } = leadQuery({ filters: filtersOf(request), sort: '-created_at', continued: false });
    expect(text).not.toContain('1=1');
    expect(filterParams(request)).toMatchObject({ tag: hostile, field: hostile, field_is: hostile });
    expect(filterParams(request).search).toBe(patterns(hostile));
    expect(sortOf('-custom_fields.points')).toEqual({ sort: '-custom_field', field: 'points' });
    expect(sortOf(`custom_fields.${hostile}`).field).toBeUndefined();
  });

  it.each(['created_at desc; drop table leads.leads', '--created_at', 'constructor', '-', '', 'org_id', '(select 1)'])(
    'refuses the sort %j (H18)',
    (sort) => {
      expect(() => leadQuery({ filters: [], sort, continued: false })).toThrow(DomainError);
    },
  );

  it('looks for a hundred characters at most, as they are written out', () => {
    const [ligature, letters] = ['\ufdfa', '\ufdfa'.normalize('NFKC')];
    expect(letters.length).toBe(18);
    expect(filterParams({ search: ligature.repeat(5) }).search).toBe(patterns(letters.repeat(5)));
    expect(() => filterParams({ search: ligature.repeat(6) })).toThrow('Some fields were refused');
    expect(filterParams({ search: '각'.repeat(100) }).search).toBe(`%${'각'.repeat(100)}%`);
  });

  it('takes wildcards of a search as the characters they are', () => {
    expect(filterParams({ search: '50%_\\' }).search).toBe('%50\\%\\_\\\\%');
  });

  it.each([
    ['weiss  jorg ', '%weiss%\n%jorg%'],
    ['O´Brien\u3000Ann', "%O'Brien%\n%Ann%"],
    ['smith-jones', '%smith-jones%'],
  ])('looks for the words of %j, however they are parted', (search, words) => {
    expect(filterParams({ search }).search).toBe(words);
  });

  it.each([
    ['030 1234567', '%301234567%'],
    ['030/1234-567', '%301234567%'],
    ['+49 (0)30 1234567', '%49301234567%'],
    ['0049 30 1234567', '%49301234567%'],
    ['(415) 555-0188', '%4155550188%'],
    ['30123', '%30123%'],
    ['007', null],
    ['100%', null],
    ['Weg 12345', null],
    ['---', null],
  ])('looks for %j also as for a phone: %j', (search, phone) => {
    expect(filterParams({ search }).search_phone).toBe(phone);
  });

  it('takes one end of a time range without the other', () => {
    expect(filtersOf({ created_after: '2026-01-01' })).toEqual(['created']);
    expect(filterParams({ created_after: '2026-01-01' })).toMatchObject({
      created_after: '2026-01-01T00:00:00.000Z',
      created_before: 'infinity',
    });
  });

  it.each(['2026-W01-1', '2026-366', '+275760-09-13'])(
    'refuses the moment %j, which only some calendars know',
    (text) => {
      expect(() => filterParams({ created_after: text })).toThrow(DomainError);
    },
  );
});
