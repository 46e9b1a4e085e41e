import { crc32, deflateRawSync, deflateSync } from 'node:zlib';

/** Files as people send them, and as those do who mean harm. */

/** A PDF with these lines of Latin text on each of its pages. @param more of its trailer */
export function pdfOf(pages: readonly string[], more = ''): Buffer {
  const kids = pages.map((_, nth) => `${4 + 2 * nth} 0 R`).join(' ');
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
    ...pages.flatMap((text, nth) => {
      const shown = `BT /F1 12 Tf 50 700 Td (${text.replaceAll(/[\\()]/g, String.raw`\$&`)}) Tj ET`;
      return [
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Resources << /Font << /F1 3 0 R >> >> /Contents ${5 + 2 * nth} 0 R >>`,
        `<< /Length ${shown.length} >>\nstream\n${shown}\nendstream`,
      ];
    }),
  ];
  return pdfOfObjects(
    objects.map((each) => Buffer.from(each, 'latin1')),
    more,
  );
}

/** A PDF whose key nobody knows. */
export function lockedPdf(): Buffer {
  const secret = `<${'5a'.repeat(32)}>`;
  return pdfOf(
    ['secret'],
    `/Encrypt << /Filter /Standard /V 2 /R 3 /Length 128 /P -4 /O ${secret} /U ${secret} >> /ID [<00> <00>]`,
  );
}

/** A PDF of a few kilobytes whose page is `megabytes` of blanks once it is unpacked. */
export function pdfBomb(megabytes: number): Buffer {
  const packed = deflateSync(deflateSync(Buffer.alloc(megabytes * 1024 * 1024, ' '), { level: 9 }), { level: 9 });
  return pdfOfObjects(
    [
      Buffer.from('<< /Type /Catalog /Pages 2 0 R >>'),
      Buffer.from('<< /Type /Pages /Kids [3 0 R] /Count 1 >>'),
      Buffer.from('<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Resources << >> /Contents 4 0 R >>'),
      Buffer.concat([
        Buffer.from(`<< /Length ${packed.length} /Filter [/FlateDecode /FlateDecode] >>\nstream\n`),
        packed,
        Buffer.from('\nendstream'),
      ]),
    ],
    '',
  );
}

function pdfOfObjects(objects: readonly Buffer[], more: string): Buffer {
  const parts = [Buffer.from('%PDF-1.7\n')];
  const places: number[] = [];
  let at = parts[0]?.length ?? 0;
  for (const [nth, object] of objects.entries()) {
    const part = Buffer.concat([Buffer.from(`${nth + 1} 0 obj\n`), object, Buffer.from('\nendobj\n')]);
    places.push(at);
    at += part.length;
    parts.push(part);
  }
  const entries = places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('');
  const size = objects.length + 1;
  const end = `xref\n0 ${size}\n0000000000 65535 f \n${entries}trailer\n<< /Size ${size} /Root 1 0 R ${more} >>\nstartxref\n${at}\n%%EOF\n`;
  return Buffer.concat([...parts, Buffer.from(end)]);
}

/** What an archive holds, and what its directory says instead, where it lies. */
export interface PackedFile {
  readonly name: string;
  readonly data: Buffer;
  readonly saidBytes?: number;
  readonly flags?: number;
}

/** An archive of files that are deflated. */
export function zipOf(files: readonly PackedFile[]): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, data, saidBytes = data.length, flags = 0 } of files) {
    const packed = deflateRawSync(data, { level: 9 });
    const named = Buffer.from(name);
    const facts = Buffer.alloc(26);
    facts.writeUInt16LE(20, 0);
    facts.writeUInt16LE(flags, 2);
    facts.writeUInt16LE(8, 4);
    facts.writeUInt32LE(crc32(data), 10);
    facts.writeUInt32LE(packed.length, 14);
    facts.writeUInt32LE(saidBytes, 18);
    facts.writeUInt16LE(named.length, 22);
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), facts, named, packed]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(at, 10);
    directory.push(Buffer.concat([Buffer.from('PK\u0001\u0002\u0014\u0000'), facts, rest, named]));
    locals.push(local);
    at += local.length;
  }
  const entries = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006', 0, 'latin1');
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(entries.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...locals, entries, end]);
}

/** A DOCX of these paragraphs, as small as one may be. @param more what else it holds */
export function docxOf(paragraphs: readonly string[], more: readonly PackedFile[] = [], saidBytes?: number): Buffer {
  const body = paragraphs.map((text) => `<w:p><w:r><w:t>${text}</w:t></w:r></w:p>`).join('');
  const document = Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${body}</w:body></w:document>`,
  );
  const types = Buffer.from(
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
  );
  const relations = Buffer.from(
    '<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
  );
  return zipOf([
    { name: '[Content_Types].xml', data: types },
    { name: '_rels/.rels', data: relations },
    { name: 'word/document.xml', data: document, ...(saidBytes !== undefined && { saidBytes }) },
    ...more,
  ]);
}
