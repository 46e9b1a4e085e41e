import { leadsMessages, textCheck } from '@apollo/contracts';
import { namedAddress } from '../cells/named.addresses.js';
import { HIDDEN, hidesSomething, withoutUnseenAround } from '../cells/unseen.marks.js';
import { type CellReader, tagReader } from './cell.readers.js';
import type { ReferenceResolver } from './reference.resolver.js';

/** The reader of a target in files that are not our export. */
export function asOthersWrite(target: string, read: CellReader, references: ReferenceResolver): CellReader {
  if (target === 'contact_name') return nameReader(read);
  if (target === 'tags') return tagReader(references.tags);
  return target === 'external_id' ? exactReader(read) : read;
}

/** The reader of an id of somebody else's program, as which nothing stands that hides something. */
function exactReader(read: CellReader): CellReader {
  return (cell, row) => (hidesSomething(cell) ? { problem: HIDDEN, kept: cell } : read(cell, row));
}

/** A name, or one with its address: the lead's, where no column of addresses has another one. Others are kept. */
function nameReader(read: CellReader): CellReader {
  const check = textCheck(leadsMessages.CreateLeadRequest, 'email');
  return (cell, row) => {
    const named = namedAddress(withoutUnseenAround(cell), (text) => check(text) === null);
    if (named === undefined || row.nameAddress !== undefined) return read(cell, row);
    row.nameAddress = named.address;
    const fault = named.name === '' ? null : read(named.name, row);
    return fault ?? (named.others === '' ? null : { kept: named.others });
  };
}
