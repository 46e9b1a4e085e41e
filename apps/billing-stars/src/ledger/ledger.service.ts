import type { billingStarsMessages } from '@apollo/contracts';
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

  async list(request: billingStarsMessages.LedgerRequest): Promise<billingStarsMessages.Ledger> {
    const filter = {
      agent: request.agent_id ?? null,
      person: request.person_id ?? null,
      run: request.run_id ?? null,
      kind: request.kind ?? null,
      since: momentOf(request.since),
      until: momentOf(request.until),
    };
    const page = await this.cursors.page(
      'ledger',
      request,
      (before: { seq: string } | undefined, limit) => this.ledger.page(filter, before?.seq ?? null, limit),
      ({ seq }) => ({ seq }),
    );
    return { ...page, items: page.items.map(transactionOf) };
  }
}

function transactionOf({ seq, at, ...rest }: TransactionRow): billingStarsMessages.LedgerTransaction {
  return { ...rest, seq: Number(seq), at: at.toISOString() };
}

function momentOf(text: string | undefined): Date | null {
  return text === undefined ? null : new Date(text);
}
