import { dialectOf } from './csv.dialect.js';

/** What a file is refused with; undefined where it is read. */
async function refusal(file: string | Buffer): Promise<string | undefined> {
  const sample = { bytes: Buffer.from(file), whole: true };
  return dialectOf(sample, { hits: () => 0 }).then(
    () => undefined,
    (error: Error & { detail: string }) => error.detail,
  );
}

describe('a file that is no delimited text', () => {
  it.each([
    ['<html><body><table><tr><td>Name</td></tr></table></body></html>', 'HTML'],
    ['\ufeff<!DOCTYPE html>\n<html>', 'HTML'],
    ['<?xml version="1.0"?><Workbook/>', 'XML'],
    ['BEGIN:VCARD\nVERSION:3.0\nFN:Ana\nEND:VCARD\n', 'vCards'],
    ['[{"name": "Ana", "email": "a@b.test"}]', 'JSON'],
    ['{"leads": [1]}', 'JSON'],
    ['Jane Doe <jane@x.test>, John Roe <john@x.test>\nKay Poe <kay@x.test>\n', 'as a mail has them'],
    ['To: Jane Doe <jane@x.test>; john@x.test\n', 'as a mail has them'],
    ['Name^Email^Phone\nAna^a@b.test^1\n', '"^"'],
  ])('is refused by what it is: %j', async (file, name) => {
    expect(await refusal(file)).toContain(name);
  });

  it('is refused by its encoding where that is not known', async () => {
    const wide = Buffer.concat([Buffer.from([0xff, 0xfe, 0, 0]), Buffer.from('N\0\0\0a\0\0\0')]);
    expect(await refusal(wide)).toContain('UTF-32');
    expect(await refusal('\x1b$B;aL>\x1b(B,Email\n')).toContain('ISO-2022-JP');
  });

  it.each([
    'Name\nAna\n',
    'Name,C#,#\nAna,1,2\n',
    'Name,Email <main>,Email <other>\nAna,a@b.test,\n',
    'Jane Doe <jane@x.test>,Acme\n',
    '{Name},Email\nAna,a@b.test\n',
    'Notes ^^ about\nx\n'.replace('^^', '^'),
  ])('is read where it is delimited: %j', async (file) => {
    expect(await refusal(file)).toBeUndefined();
  });
});
