import { functionCall, statement, TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';
import { unlessBusy } from '../wallets/busy.wallet.js';
import type { CapLayer } from './cap.tables.js';

/** A cap and what is used of it now; `used` is 0 for a cap of many subjects. */
export interface CapRow {
  readonly id: string;
  readonly layer: CapLayer;
  readonly subject: string;
  readonly agent_id: string | null;
  readonly person_id: string | null;
  readonly stars: string | null;
  readonly raise_to: string | null;
  readonly raise_until: Date | null;
  readonly used: string;
  readonly warned: number;
  readonly version: number;
}

/** Which cap is meant. */
export interface CapSubject {
  readonly layer: CapLayer;
  readonly agent: string | null;
  readonly person: string | null;
}

/** What holds for a subject: its own entry, or the one for all, or the standard one. Null: no cap, by an entry. */
export interface HeldCap {
  readonly stars: string | null;
}

/** Where a page of caps ends. */
export interface CapPosition {
  readonly layer: string;
  readonly subject: string;
}

export type CapAnswer =
  { readonly outcome: 'set'; readonly id: string } | { readonly outcome: 'no_wallet' | 'changed' | 'over' | 'no_cap' };

const columns = `c.id, c.layer, c.subject, c.agent_id, c.person_id, c.stars, c.raise_to, c.raise_until, c.version, coalesce(k.spent + k.held, 0) as used, coalesce(k.warned, 0) as warned
  from billing_stars.caps c
  join billing_stars.wallets w on w.org_id = :org and w.id = :org
  join billing_stars.cap_layers() l on l.layer = c.layer
  cross join lateral (select greatest(w.day, (billing_stars.clock() at time zone w.time_zone)::date) as today) n
  left join billing_stars.cap_counters k on k.org_id = :org and k.layer = c.layer and k.subject = c.subject
    and k.starts = case when l.of_day then n.today else date_trunc('month', n.today::timestamp)::date end`;

const find = statement<CapRow, { id: string }>('find cap', `select ${columns} where c.org_id = :org and c.id = :id`);
const page = statement<CapRow, { layer: string; subject: string; limit: number }>(
  'page of caps',
  `select ${columns} where c.org_id = :org and (c.layer, c.subject) > (:layer, :subject) order by c.layer, c.subject limit :limit`,
);
const held = statement<HeldCap, CapSubject>(
  'cap held',
  `select case when c.id is null then l.standard else c.stars end as stars
  from billing_stars.cap_layers() l
  left join billing_stars.caps c on c.org_id = :org and c.layer = l.layer and c.subject in (billing_stars.cap_subject(:layer, :agent, :person), '*')
  where l.layer = :layer and (c.id is not null or l.standard is not null)
  order by c.subject = '*' limit 1`,
);
const set = functionCall<{ answer: CapAnswer }, CapSubject & { stars: number | null; if_match: number | null }>(
  'set cap',
  'select billing_stars.set_cap(:layer, :agent, :person, :stars, :if_match, :actor) as answer',
);
const raise = functionCall<{ answer: CapAnswer }, CapSubject & { stars: number; until: Date }>(
  'raise cap',
  'select billing_stars.raise_cap(:layer, :agent, :person, :stars, :until, :actor) as answer',
);

@Injectable()
export class CapRepository {
  constructor(private readonly database: TenantDatabase) {}

  async find(id: string): Promise<CapRow> {
    const [row] = await this.database.query(find, { id });
    return row as CapRow;
  }

  /** The cap that holds for a subject; nothing where nobody has said anything and the layer has no standard. */
  async held(subject: CapSubject): Promise<HeldCap | undefined> {
    const [row] = await this.database.query(held, { ...subject });
    return row;
  }

  async page(after: CapPosition | null, limit: number): Promise<CapRow[]> {
    return this.database.query(page, { layer: after?.layer ?? '', subject: after?.subject ?? '', limit });
  }

  /** @param ifMatch the version the change is based on; null for whichever holds */
  async set(subject: CapSubject, stars: number | null, ifMatch: number | null): Promise<CapAnswer> {
    const [row] = await unlessBusy(this.database.query(set, { ...subject, stars, if_match: ifMatch }));
    return row?.answer as CapAnswer;
  }

  async raise(subject: CapSubject, stars: number, until: Date): Promise<CapAnswer> {
    const [row] = await unlessBusy(this.database.query(raise, { ...subject, stars, until }));
    return row?.answer as CapAnswer;
  }
}
