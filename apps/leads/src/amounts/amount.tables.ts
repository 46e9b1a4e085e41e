import { p, tenantTable } from '@apollo/tenancy/postgres';

/** One row of an organization that has ever changed its currency, or tried to; its id is the organization's. */
export const amountTables = [
  tenantTable({
    name: 'AmountHold',
    schema: 'leads',
    table: 'amount_holds',
    properties: {
      // Whose hold it is, so that who is late ends no later one.
      hold: p.uuid(),
      until: p.datetime(3).nullable(),
      // The one in force when the last hold ended; of one that ran out nobody said what it came to.
      currency: p.text().nullable(),
    },
  }),
];

export const amountRules: readonly string[] = [
  'alter table leads.amount_holds add constraint amount_holds_bounded check (length(currency) = 3);',
];
