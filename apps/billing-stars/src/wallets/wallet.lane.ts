import { DomainError } from '@apollo/contracts';
import { currentTenant } from '@apollo/tenancy';
import { Injectable } from '@nestjs/common';

/** Calls about one wallet that are with the database at once: one that decides, and others on their way to it or back. */
const AT_ONCE = 3;

/** Milliseconds after which nobody waits for an answer any more. */
const PATIENCE_MS = 5_000;

interface Waiting {
  readonly since: number;
  readonly begin: () => void;
  readonly giveUp: (error: DomainError) => void;
}
interface Lane {
  running: number;
  readonly waiting: Waiting[];
}

/**
 * Lets few calls about one wallet go to the database at a time, in the order they came; the others wait here. A wallet is
 * decided under one lock, so more at once are no faster: they would only hold connections that other organizations
 * need. So a wallet that everybody wants, or whose lock somebody sits on, holds up nobody else.
 */
@Injectable()
export class WalletLane {
  private readonly lanes = new Map<string, Lane>();

  /** Runs `work` when it is its turn in the acting organization. @throws DomainError `service_unavailable` when that comes too late */
  async run<T>(work: () => Promise<T>): Promise<T> {
    const org = currentTenant().orgId ?? '';
    const lane = this.lanes.get(org) ?? { running: 0, waiting: [] };
    this.lanes.set(org, lane);
    if (lane.running < AT_ONCE) lane.running += 1;
    else await new Promise<void>((begin, giveUp) => lane.waiting.push({ since: performance.now(), begin, giveUp }));
    try {
      return await work();
    } finally {
      this.leave(org, lane);
    }
  }

  /** Whoever is next takes the place that becomes free. */
  private leave(org: string, lane: Lane): void {
    for (let next = lane.waiting.shift(); next; next = lane.waiting.shift()) {
      if (performance.now() - next.since <= PATIENCE_MS) return next.begin();
      next.giveUp(new DomainError('service_unavailable', 'The wallet is busy; nothing was changed.'));
    }
    lane.running -= 1;
    if (lane.running === 0) this.lanes.delete(org);
  }
}
