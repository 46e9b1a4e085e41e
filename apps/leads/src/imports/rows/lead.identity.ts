import type { Identity } from '../plan/row.identity.js';
import type { LeadRow } from './lead.row.js';

/** Whether rows are recognized by an id, so that two of them may have one address. */
export function isById(identity: Identity): boolean {
  return identity === 'id' || identity === 'external_id';
}

/** The value by which a row is recognized; undefined when it has none. */
export function identityOf(row: LeadRow, identity: Identity): string | undefined {
  switch (identity) {
    case 'id':
      return row.lead_id;
    case 'external_id':
      return row.external_id;
    case 'email':
      return row.email?.toLowerCase();
    case 'phone':
      return row.phone;
    case 'none':
      return undefined;
  }
}
