import { statement, TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';
import { ledgerEquations, type LedgerFinding } from './ledger.equations.js';

const check = statement<LedgerFinding>('check ledger', ledgerEquations('org_id = :org'));

/** Looks whether the money of the acting organization adds up, at one instant and without holding anybody up. */
@Injectable()
export class LedgerChecker {
  constructor(private readonly database: TenantDatabase) {}

  /** What does not add up; nothing when all is well. */
  async findings(): Promise<LedgerFinding[]> {
    return this.database.query(check, {});
  }
}
