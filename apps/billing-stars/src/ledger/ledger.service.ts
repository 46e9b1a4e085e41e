import type { billingStarsMessages } from '@apollo/contracts';
import { pageOf } from '@apollo/messaging';
import { CursorCodec } from '@apollo/service-kit';
import { Injectable } from '@nestjs/common';
import { LedgerRepository, type TransactionRow } from './ledger.repository.js';

/** The statement of the acting organization, as the ledger has it. */
@Injectable()
export class LedgerService {
  constructor(
    private readonly ledger: LedgerRepository,
    private readonly cursors: CursorCodec,
  ) {}

  async list({
    cursor,
    limit = 50,
    ...filter
  }: billingStarsMessages.LedgerRequest): Promise<billingStarsMessages.Ledger> {
    const before = cursor ? this.cursors.open<{ seq: string }>('ledger', filter, cursor).seq : null;
    const rows = await this.ledger.page(
      {
        agent: filter.agent_id ?? null,
        person: filter.person_id ?? null,
        run: filter.run_id ?? null,
        kind: filter.kind ?? null,
        since: momentOf(filter.since),
        until: momentOf(filter.until),
      },
      before,
      limit + 1,
    );
    const { items, last } = pageOf(rows, limit);
    return {
      items: items.map(transactionOf),
      next_cursor: last ? this.cursors.seal('ledger', filter, { seq: last.seq }) : null,
    };
  }
}

function transactionOf({ seq, at, ...rest }: TransactionRow): billingStarsMessages.LedgerTransaction {
  return { ...rest, seq: Number(seq), at: at.toISOString() };
}

function momentOf(text: string | undefined): Date | null {
  return text === undefined ? null : new Date(text);
}
