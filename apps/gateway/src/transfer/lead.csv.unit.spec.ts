import type { leadsMessages } from '@apollo/contracts';
import { csvHeading, csvRows } from './lead.csv.js';

const lead = (more: Partial<leadsMessages.Lead>): leadsMessages.Lead => ({
  id: 'id',
  pipeline_id: 'p',
  stage_id: 's',
  contact_name: 'Ada',
  company: null,
  email: null,
  phone: null,
  site: null,
  city: null,
  state: null,
  country: null,
  owner_id: null,
  value_minor: null,
  tags: [],
  custom_fields: {},
  external_id: null,
  created_at: 'c',
  updated_at: 'u',
  version: 1,
  ...more,
});

describe('leads as CSV', () => {
  it('name custom columns as an import’s mapping does', () => {
    expect(csvHeading(['score'])).toMatch(/^id,external_id,contact_name,.*,custom_fields\.score\r\n$/);
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', "'=1", '＝1'])('are no formula to a spreadsheet: %p', (value) => {
    const [row] = csvRows([lead({ contact_name: value })], [], 'EUR').split('\r\n');
    expect(row).toContain(`,'${value},`);
  });

  it('are no formula to one that cuts elsewhere, or finds several values in a cell', () => {
    const row = csvRows([lead({ contact_name: 'a;=b', city: 'a\t@b', tags: ['x', '=y', 'z,+1'] })], [], 'EUR');
    expect(row).toContain("a;'=b");
    expect(row).toContain("a\t'@b");
    expect(row).toContain(`"x;'=y;""z,'+1"""`);
  });

  it('are no formula to one that cuts elsewhere and takes quotation marks before it for an empty cell', () => {
    const row = csvRows([lead({ contact_name: 'a;"=b', company: 'c|" " @d', city: '"-e' })], [], 'EUR');
    expect(row).toContain(`"a;""'=b"`);
    expect(row).toContain(`"c|"" "" '@d"`);
    expect(row).toContain(`"""'-e"`);
  });

  it('open in spreadsheets of regions that write a decimal comma', () => {
    const row = csvRows([lead({ contact_name: 'a;b', custom_fields: { n: -1.5 } })], ['n'], 'EUR', 'semicolon');
    expect(row).toContain('"a;b"');
    expect(row).toMatch(/;"'-1,5"\r\n$/);
    expect(csvRows([lead({ custom_fields: { n: 1.5 } })], ['n'], 'EUR', 'tab')).toMatch(/\t1\.5\r\n$/);
  });

  it('escape formulas in tags and custom fields too', () => {
    expect(
      csvRows(
        [lead({ tags: ['=a', 'b'], custom_fields: { x: '=c', y: ['=d', 'e'], z: 3, w: true, v: null } })],
        ['x', 'y', 'z', 'w', 'v'],
        'EUR',
      ),
    ).toContain(`"'=a;b",c,u,'=c,"'=d;e",3,true,\r\n`);
  });

  it('have empty cells for fields that a lead does not have, whatever those are called', () => {
    const keys = ['constructor', 'toString', '__proto__', 'size'];
    expect(csvRows([lead({ custom_fields: { size: 1 } })], keys, 'EUR')).toMatch(/,c,u,,,,1\r\n$/);
    expect(csvRows([lead({ custom_fields: { constructor: 'Brunel' } as never })], keys, 'EUR')).toMatch(
      /,c,u,Brunel,,,\r\n$/,
    );
  });

  it('say beside each amount of which currency it is', () => {
    const [heading] = csvHeading([]).split('\r\n');
    expect(heading).toContain(',value_minor,currency,tags,');
    const rows = csvRows([lead({ value_minor: 1_200 }), lead({})], [], 'EUR').split('\r\n');
    expect(rows.map((row) => row.split(',').slice(13, 15))).toEqual([['1200', 'EUR'], ['', ''], []]);
  });

  it('quote what would break a row', () => {
    expect(csvRows([lead({ contact_name: 'a,"b"\r\nc' })], [], 'EUR')).toContain('"a,""b""\r\nc"');
    for (const text of ['a\nb', 'a\rb', 'a;b', 'a\tb'])
      expect(csvRows([lead({ contact_name: text })], [], 'EUR')).toContain(`"${text}"`);
  });
});
