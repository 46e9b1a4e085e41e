import { UnreadableError } from './extraction.failure.js';
import { isCompound, isZip, type TakePage } from './text.reader.js';
import { assertHonest, zipDirectory } from './zip.directory.js';

/** What the stream of an encrypted file is called, as these files write names. */
const ENCRYPTED = Buffer.from('EncryptedPackage', 'utf16le');

/**
 * The text of a DOCX: it has no pages, for these are made when it is printed.
 *
 * @throws UnreadableError
 */
export async function readDocx(file: Buffer, take: TakePage): Promise<void> {
  if (isCompound(file)) throw new UnreadableError(file.includes(ENCRYPTED) ? 'password_needed' : 'wrong_type');
  if (!isZip(file)) throw new UnreadableError('wrong_type');
  const entries = zipDirectory(file);
  if (entries.some(({ isEncrypted }) => isEncrypted)) throw new UnreadableError('password_needed');
  if (!entries.some(({ name }) => name === 'word/document.xml')) throw new UnreadableError('wrong_type');
  assertHonest(file, entries);
  const { default: mammoth } = await import('mammoth');
  const { value } = await mammoth.extractRawText({ buffer: file }).catch(() => {
    throw new UnreadableError('damaged');
  });
  take(1, value);
}
