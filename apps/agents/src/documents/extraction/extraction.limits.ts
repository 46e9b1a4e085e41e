/**
 * What reading a file may take. Both sides know these: the process that reads, and the one that watches it, which takes
 * nothing on trust.
 */

/** Characters (UTF-16 units) of a file's text at most. */
export const MOST_TEXT = 10_000_000;
/** Pages of a file at most. */
export const MOST_PAGES = 10_000;
/** Characters of one piece of text that is handed over. */
export const PIECE_CHARACTERS = 32_768;
/** Octets that the reading process may say in all. */
export const MOST_OUTPUT = 6 * MOST_TEXT;
/** Octets that an archive's entries may have once they are unpacked. */
export const MOST_UNPACKED = 100 * 1024 * 1024;
/** Entries of an archive at most. */
export const MOST_ENTRIES = 10_000;

/** Seconds on the clock, and of a processor, after which reading is given up. */
export const LONGEST_SECONDS = 60;
/** Kibibytes of memory for data, address space that is only reserved included: less, and the runtime does not begin. */
export const DATA_KIBIBYTES = 1_000_000;
/** Mebibytes of the heap. */
export const HEAP_MEBIBYTES = 256;
/** Octets of memory that are in use, where the operating system has no bound to set. */
export const RESIDENT_BYTES = 500 * 1024 * 1024;
