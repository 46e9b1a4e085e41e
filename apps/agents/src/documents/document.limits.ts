import { agentsMessages } from '@apollo/contracts';

/** What reading a document is to whoever does the jobs; a job has the id of its document. */
export const DOCUMENT_JOB = 'document';
/** Times a document is taken up without being read before it fails. */
export const ATTEMPTS = 3;
/** Seconds after which an upload that was never completed is given up. */
export const UPLOAD_SECONDS = 1_200;
/** Seconds until a document is looked at again where this process reads another one. */
export const BUSY_SECONDS = 1;

/** Most documents of an organization, whatever state they are in. */
export const MOST_DOCUMENTS = 1_000;
/** Versions of a document that are kept on record at most; an upload beyond is refused. */
export const MOST_VERSIONS = 1_000;
/** Passages of all documents of an organization: a search looks at each of them. */
export const MOST_PASSAGES = 100_000;

/** Characters of a passage, and its octets; the vector of its words then fits a page of the database. */
export const PASSAGE_CHARACTERS = agentsMessages.LONGEST_PASSAGE;
export const PASSAGE_OCTETS = 3_000;
/** Characters of what counts as a page where a file has no pages. */
export const PAGE_CHARACTERS = 3_000;
/** Passages that are written by one statement. */
export const PASSAGES_AT_ONCE = 100;

/** Passages that a search gives an order; of those that fit, the newest. Giving them one is what takes long. */
export const MOST_RANKED = 500;
/** Passages that a search finds at most. */
export const MOST_FOUND = 10;
