import { docxOf, lockedPdf, pdfBomb, pdfOf, zipOf } from '../document.files.spec.js';
import { beginConfined, ExtractionRunner, type FileFormat } from './extraction.runner.js';
import { UnreadableError } from './extraction.failure.js';

const runner = new ExtractionRunner();
const forever = new AbortController().signal;

async function* piecesOf(file: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < file.length; at += 524_288) {
    await Promise.resolve();
    yield file.subarray(at, at + 524_288);
  }
}

const read = (format: FileFormat, file: Buffer, signal = forever, seconds = 30, isBoundBySystem = true) =>
  runner.read({ format, bytes: file.length, pieces: piecesOf(file), signal }, { seconds, isBoundBySystem });
/** Why a file is not read; what it says where it is. */
const failure = (format: FileFormat, file: Buffer, isBoundBySystem = true): Promise<unknown> =>
  read(format, file, forever, 30, isBoundBySystem).catch((error: unknown) =>
    error instanceof UnreadableError ? error.failure : error,
  );

describe('the text of a file', () => {
  it('is that of each page of a PDF', async () => {
    expect(await read('pdf', pdfOf(['Tarifas (2026)', '', 'Preis: 20 EUR']))).toEqual([
      { page: 1, text: 'Tarifas (2026)' },
      { page: 3, text: 'Preis: 20 EUR' },
    ]);
  });

  it('is that of the paragraphs of a DOCX, and of a text as it is', async () => {
    expect(await read('docx', docxOf(['Preços', 'Coração &amp; alma 😀']))).toEqual([
      { page: 1, text: 'Preços\n\nCoração & alma 😀\n\n' },
    ]);
    const long = `\uFEFF${'á😀'.repeat(40_000)}\fsecond`;
    expect(await read('text', Buffer.from(long))).toEqual([
      { page: 1, text: 'á😀'.repeat(40_000) },
      { page: 2, text: 'second' },
    ]);
  });

  it('is nothing of what is no such file, and says why', async () => {
    const pdf = pdfOf(['x']);
    expect(await failure('pdf', Buffer.from('PK no pdf'))).toBe('wrong_type');
    expect(await failure('text', pdf)).toBe('wrong_type');
    expect(await failure('docx', pdf)).toBe('wrong_type');
    expect(await failure('docx', zipOf([{ name: 'a.txt', data: Buffer.from('a') }]))).toBe('wrong_type');
    expect(await failure('text', Buffer.from('a\0b'))).toBe('wrong_type');
    expect(await failure('text', Buffer.from('Pre\xe7o', 'latin1'))).toBe('not_utf8');
    expect(await failure('text', Buffer.from('\uFEFFwide', 'utf16le'))).toBe('not_utf8');
    expect(await failure('pdf', lockedPdf())).toBe('password_needed');
    expect(await failure('docx', zipOf([{ name: 'word/document.xml', data: Buffer.from('a'), flags: 1 }]))).toBe(
      'password_needed',
    );
    expect(await failure('pdf', Buffer.from('%PDF-1.7 and nothing else'))).toBe('damaged');
    expect(await failure('docx', docxOf(['x']).subarray(0, -30))).toBe('damaged');
    expect(await failure('docx', docxOf(['<broken']))).toBe('damaged');
  });

  it('is read of a large file', async () => {
    const pages = Array.from({ length: 300 }, (_, nth) => `Page ${nth} ${'lorem ipsum dolor '.repeat(150)}`);
    expect(await read('pdf', pdfOf(pages))).toHaveLength(300);
    const [page] = await read('text', Buffer.from('palavra '.repeat(1_200_000)));
    expect(page?.text).toHaveLength(9_600_000);
    expect(await failure('text', Buffer.from('a'.repeat(10_000_001)))).toBe('too_much_text');
  }, 60_000);
});

/** What a program says that runs where files are read. */
async function said(code: string): Promise<string> {
  const child = beginConfined(['--input-type=module', '--eval', code], true);
  let text = '';
  for await (const piece of child.stdout ?? []) text += String(piece);
  return text || '{}';
}

describe('a process that reads a file', () => {
  it('opens no other file, writes none, starts no process, and has nothing of the environment', async () => {
    const code = `
      import { execFileSync } from 'node:child_process';
      import { readFileSync, writeFileSync } from 'node:fs';
      import { Worker } from 'node:worker_threads';
      const tried = [
        () => readFileSync('/etc/passwd'),
        () => readFileSync('/proc/self/environ'),
        () => readFileSync(${JSON.stringify(import.meta.filename)}),
        () => writeFileSync('/tmp/apollo-extraction-wrote', 'x'),
        () => execFileSync('/bin/ls'),
        () => new Worker('1', { eval: true }),
      ];
      const codes = tried.map((act) => { try { act(); return 'done'; } catch (error) { return error.code; } });
      console.log(JSON.stringify({ codes, names: Object.keys(process.env) }));`;
    expect(JSON.parse(await said(code))).toEqual({
      codes: Array.from({ length: 6 }, () => 'ERR_ACCESS_DENIED'),
      names: expect.not.arrayContaining(['PATH', 'HOME']),
    });
  });

  it('unpacks nothing that is larger than it may be, whatever the archive says', async () => {
    const zeros = Buffer.alloc(101 * 1024 * 1024);
    const honest = docxOf(['x'], [{ name: 'word/media/a.bin', data: zeros }]);
    expect(await failure('docx', honest)).toBe('too_costly');
    const lying = docxOf(['x'], [{ name: 'word/media/a.bin', data: zeros, saidBytes: 10 }]);
    expect(await failure('docx', lying)).toBe('too_costly');
  }, 60_000);

  it.each([true, false])(
    'is ended where it takes more memory than it may (bound by the system: %s)',
    async (bound) => {
      const began = performance.now();
      const text = 'a'.repeat(50);
      const bomb = docxOf(Array.from({ length: 300_000 }, () => text));
      expect(await failure('docx', bomb, bound)).toBe('too_costly');
      expect(await failure('pdf', pdfBomb(800), bound)).toBe('too_costly');
      expect(performance.now() - began).toBeLessThan(50_000);
    },
    60_000,
  );

  it('is ended where it takes longer than it may, and where nobody waits for it any more', async () => {
    const pages = Array.from({ length: 3_000 }, (_, nth) => `Page ${nth} ${'lorem ipsum dolor '.repeat(150)}`);
    const file = pdfOf(pages);
    await expect(read('pdf', file, forever, 0.3)).rejects.toMatchObject({ failure: 'too_costly' });
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error('stopped')), 300);
    const began = performance.now();
    await expect(read('pdf', file, stop.signal)).rejects.toThrow('stopped');
    expect(performance.now() - began).toBeLessThan(2_000);
    expect(runner.isBusy).toBe(false);
  }, 60_000);
});
