import { DomainError } from '@apollo/contracts';
import { newId } from '@apollo/tenancy';
import { call, statement, TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';
import { ENDED } from '../imports/import.rules.js';

/** Longer than any transaction of a request may be open: a change that was prepared is decided by then. */
const HOLD_SECONDS = 30;

/** What is known of an organization's currency where an amount is written. */
export interface AmountHold {
  readonly held: boolean;
  readonly currency: string | null;
}

/*
 * Each new lead holds its stage by its foreign key, and whoever else brings amounts holds a stage by hand, before it looks
 * for a hold. So whoever locks all stages once the hold is committed has waited for all that did not see it: a stage that
 * is made later is held by nobody who did not.
 */
const lockPipelines = statement<{ id: string }>(
  'pipelines before a change of currency',
  'select id from leads.pipelines where org_id = :org order by id for update',
);
const lockStages = statement<{ id: string }>(
  'stages before a change of currency',
  'select id from leads.stages where org_id = :org order by id for update',
);
const kept = statement<{ amounts: boolean }>(
  'amounts kept',
  `
  select exists (select from leads.leads where org_id = :org and value_minor is not null)
    or exists (select from leads.imports where org_id = :org and status not in (${ENDED})) as amounts`,
);
const put = statement<{ hold: string }, { hold: string }>(
  'hold amounts',
  `
  insert into leads.amount_holds as h (org_id, id, hold, until) values (:org, :org::uuid, :hold::uuid, now() + interval '${HOLD_SECONDS} seconds')
  on conflict (org_id, id) do update set hold = excluded.hold, until = excluded.until, currency = case when h.until is null then h.currency end
    where h.until is null or h.until < now() returning hold`,
);
const end = statement<object, { hold: string; currency: string | null }>(
  'take amounts again',
  `
  update leads.amount_holds set until = null, currency = coalesce(:currency::text, currency)
  where org_id = :org and id = :org::uuid and hold = :hold::uuid`,
);
const shareStages = statement<{ id: string }, { pipeline_id: string }>(
  'stages that an amount stands at',
  'select id from leads.stages where org_id = :org and pipeline_id = :pipeline_id order by id for key share',
);
const found = statement<AmountHold>(
  'amount hold',
  `
  select until is not null and until > clock_timestamp() as held, case when until is null then currency end as currency
  from leads.amount_holds where org_id = :org and id = :org::uuid`,
);

/** Keeps amounts of leads and their organization's currency together while that changes. */
@Injectable()
export class AmountRepository {
  /** For the batch of a statement that holds a stage, after it. */
  readonly foundCall = call(found, {});

  constructor(private readonly database: TenantDatabase) {}

  /** Whether some lead has an amount, or an import may be about to write one. */
  async kept(): Promise<boolean> {
    return (await this.database.query(kept, {}))[0]?.amounts ?? true;
  }

  /**
   * Takes no amounts for half a minute, from the commit on.
   *
   * @returns the hold
   * @throws DomainError `service_unavailable` while somebody else has one
   */
  async hold(): Promise<string> {
    const [made] = await this.database.query(put, { hold: newId() });
    if (!made) throw beingChanged();
    return made.hold;
  }

  /**
   * Waits for the amounts that were being written when the hold was committed, in the open transaction. Where there are
   * any, the hold ends.
   *
   * @returns whether there are none
   */
  async confirm(hold: string): Promise<boolean> {
    await this.database.batch([call(lockPipelines, {}), call(lockStages, {})]);
    const isFree = !(await this.kept());
    if (!isFree) await this.release(hold, null);
    return isFree;
  }

  /** Takes amounts again, unless somebody else has a hold by now. @param currency from now on; null for the one before */
  async release(hold: string, currency: string | null): Promise<void> {
    await this.database.query(end, { hold, currency });
  }

  /**
   * Before an amount is written to a pipeline whose stage is not held otherwise; holds until the transaction ends.
   *
   * @param currency what amounts are in, where that was looked up before
   * @throws DomainError as `assertTaken`
   */
  async assertTakenIn(pipelineId: string, currency?: string): Promise<void> {
    const [, [hold]] = await this.database.batch([call(shareStages, { pipeline_id: pipelineId }), this.foundCall]);
    assertTaken(hold, currency);
  }
}

/**
 * @param hold as found, if there is one
 * @param currency what amounts are in, where that was looked up before
 * @throws DomainError `service_unavailable` while the currency is being changed, `state_conflict` where it has been
 */
export function assertTaken(hold: AmountHold | undefined, currency?: string): void {
  if (hold?.held) throw beingChanged();
  if (hold?.currency && currency !== undefined && currency !== hold.currency)
    throw new DomainError('state_conflict', `The organization's currency is ${hold.currency} by now.`);
}

function beingChanged(): DomainError {
  return new DomainError(
    'service_unavailable',
    "The organization's currency is being changed; amounts are taken again in a moment.",
  );
}
