/** Why a file was not read, each with a sentence for people. */
export const EXTRACTION_FAILURES = {
  wrong_type: 'The file is not what it is said to be.',
  password_needed: 'The file is protected by a password. Send it without one.',
  damaged: 'The file is damaged, or did not arrive as a whole.',
  no_text: 'The file holds no text. What was scanned as a picture cannot be read.',
  not_utf8: 'The text is not in UTF-8. Save it in that encoding, and send it again.',
  too_much_text: 'The file holds more text than a document may have.',
  too_costly: 'Reading the file takes more time or memory than a document may.',
} as const;

export type ExtractionFailure = keyof typeof EXTRACTION_FAILURES;

/** Thrown where a file is not read. */
export class UnreadableError extends Error {
  constructor(readonly failure: ExtractionFailure) {
    super(EXTRACTION_FAILURES[failure]);
    this.name = 'UnreadableError';
  }
}

export function isExtractionFailure(value: unknown): value is ExtractionFailure {
  return typeof value === 'string' && Object.hasOwn(EXTRACTION_FAILURES, value);
}
