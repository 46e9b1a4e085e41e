import { GetStanding, may, type orgsMessages, type Role } from '@apollo/contracts';
import { Bus } from '@apollo/messaging';
import { currentTenant } from '@apollo/tenancy';
import type { Refusal, WorkPermit } from '@apollo/work';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';

/** Milliseconds for which it is believed that somebody may, and for which that is gone by while orgs cannot be asked. */
const FRESH_MS = 2_000;
const KNOWN_MS = 5_000;
/** Milliseconds that an answer may take. */
const PATIENCE_MS = 1_500;
/** People who are remembered. */
const REMEMBERED = 10_000;

type Answer = 'granted' | Refusal;

/** Whether the acting person may still import leads into the acting organization, as orgs says. */
@Injectable()
export class ImportPermit implements WorkPermit {
  /** When it was asked for those who may. A refusal is never remembered: whoever continues what was stopped may by then. */
  private readonly granted = new LRUCache<string, number>({ max: REMEMBERED });

  constructor(private readonly bus: Bus) {}

  async ask(): Promise<Answer | 'unknown'> {
    const { orgId, actor } = currentTenant();
    const key = `${orgId} ${actor}`;
    const asked = performance.now();
    const known = this.granted.get(key) ?? -Infinity;
    if (asked - known < FRESH_MS) return 'granted';
    try {
      const answer = answerTo(await this.bus.request(GetStanding, { user_id: actor }, { timeoutMs: PATIENCE_MS }));
      if (answer === 'granted') this.granted.set(key, asked);
      else this.granted.delete(key);
      return answer;
    } catch {
      return performance.now() - known < KNOWN_MS ? 'granted' : 'unknown';
    }
  }
}

function answerTo({ status, role }: orgsMessages.Standing): Answer {
  const refused = (code: Refusal['code'], detail: string, everybody = false) => ({ code, detail, everybody });
  if (status === 'deleted') return refused('org_not_found', 'The organization was deleted.', true);
  if (status !== 'active') return refused('org_suspended', 'The organization was suspended.', true);
  if (role === null) return refused('forbidden', 'Whoever started it is no member of the organization any more.');
  if (!may(role as Role, 'leads.import'))
    return refused('forbidden', 'Whoever started it may not import leads any more.');
  return 'granted';
}
