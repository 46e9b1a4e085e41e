import { UnreadableError } from './extraction.failure.js';
import { MOST_PAGES } from './extraction.limits.js';
import { isPdf, type TakePage } from './text.reader.js';

/**
 * The text of a PDF, page by page, of which one at a time is kept. A page that is damaged has none.
 *
 * @throws UnreadableError
 */
export async function readPdf(file: Buffer, take: TakePage): Promise<void> {
  if (!isPdf(file)) throw new UnreadableError('wrong_type');
  const { getDocumentProxy } = await import('unpdf');
  const bytes = new Uint8Array(file.buffer, file.byteOffset, file.byteLength);
  const pdf = await getDocumentProxy(bytes, { useSystemFonts: false }).catch(refuse);
  if (pdf.numPages > MOST_PAGES) throw new UnreadableError('too_costly');
  for (let number = 1; number <= pdf.numPages; number += 1) {
    const page = await pdf.getPage(number);
    const { items } = await page.getTextContent();
    take(number, items.map((item) => ('str' in item ? item.str + (item.hasEOL ? '\n' : '') : '')).join(''));
    page.cleanup();
  }
}

function refuse(error: unknown): never {
  const { name } = error as Error;
  if (name === 'PasswordException') throw new UnreadableError('password_needed');
  if (name === 'InvalidPDFException' || name === 'FormatError') throw new UnreadableError('damaged');
  throw error;
}
