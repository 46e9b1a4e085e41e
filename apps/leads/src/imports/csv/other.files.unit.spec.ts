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
    ['Name^Email\nAna^a@b.test\n', '"^"'],
    ['Name:Email\nAna:a@b.test\nBo:b@b.test\n', '":"'],
    ['Name:Age:Email\nAna:30:a@b.test\n', '":"'],
    ['Name*Email*Website\nAna*a@b.test*https://x.test/a*b\n', '"*"'],
    ['Name/Email/City\nAna/a@b.test/Ulm\n', '"/"'],
    ['Name/Email\nAna/a@b.test\n', '"/"'],
    ['Name Email\nAna a@b.test\nBo Ray b@b.test\n', 'blanks'],
    ['Name Email Phone\nAna a@b.test 0301234567\n', 'blanks'],
    ['Full name     Email         City\nAna Sol       a@b.test      Ulm\n', 'several blanks'],
  ])('is refused by what it is: %j', async (file, name) => {
    expect(await refusal(file)).toContain(name);
  });

  it.each([
    ['255044462d312e340a25e2e3cfd3', 'a PDF document'],
    ['504b0304140006000800' + Buffer.from('....[Content_Types].xml....xl/workbook.xml').toString('hex'), '(.xlsx)'],
    ['504b0304140006000800' + Buffer.from('....[Content_Types].xml....word/document.xml').toString('hex'), '(.docx)'],
    [
      '504b03041400' + Buffer.from('mimetypeapplication/vnd.oasis.opendocument.spreadsheetPK').toString('hex'),
      '(.ods)',
    ],
    ['504b0304140000000800' + Buffer.from('leads.csv').toString('hex'), 'an archive (ZIP). Unpack it'],
    ['d0cf11e0a1b11ae1', '.xls'],
    ['89504e470d0a1a0a0000000d49484452', 'an image (PNG)'],
    ['ffd8ffe000104a46494600', 'an image (JPEG)'],
    ['474946383961', 'an image (GIF)'],
    ['1f8b0800', 'an archive (gzip)'],
    ['53514c69746520666f726d6174203300', 'SQLite'],
  ])('is refused by the program that it is of: %s', async (bytes, name) => {
    const refused = await refusal(Buffer.from(bytes, 'hex'));
    expect(refused).toContain(`Line 1 is no text: the file is `);
    expect(refused).toContain(name);
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
    'Full name\nAna Sol\nBo Ray\n',
    'First name\nAna\n',
    'Vorname Nachname\nAna Sol\n',
    'Company Phone\n030 123456\n',
    'Company Email\na@b.test\n',
    'Phone / Fax\n030/123456\n',
    'Firma/Account\nAcme/Bolt\n',
    'Name/Firma\nAna\nBo/Acme\n',
    'Website\nhttps://a.test\nhttps://b.test/x\n',
    'https://a.test\nhttps://b.test\n',
    'Datum (TT/MM/JJJJ)\n05/03/2024\n',
    'first_name\nana_sol\n',
    'Team #\nA #\n',
    'PKW\nBMW\n',
  ])('is read where it is delimited: %j', async (file) => {
    expect(await refusal(file)).toBeUndefined();
  });
});
