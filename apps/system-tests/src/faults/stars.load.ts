import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { DomainError, Extend, PostMessage, Release, type RequestContract, Reserve, Settle } from '@apollo/contracts';
import { Bus } from '@apollo/messaging';
import type { Secrets } from '@apollo/operate';
import { runInTenantContext } from '@apollo/tenancy';
import { orgContext, testDelegation } from '@apollo/testing';
import type { Outcome, RequestTracker } from './request.tracker.js';
import type { SeededNumbers } from './seeded.numbers.js';
import type { SoakOrg } from './soak.orgs.js';
import type { SoakPlatform } from './soak.platform.js';

/** Milliseconds a request may take before its answer counts as lost. */
const WITHIN_MS = 3_000;
/** Errors that say nothing about the effect. */
const SAYS_NOTHING = new Set(['deadline_exceeded', 'service_unavailable', 'internal_error']);

/** What was promised about a reservation. */
export interface Reserved {
  readonly org: string;
  readonly key: string;
  /** Null when there were too few Stars. */
  readonly hold: string | null;
  end: 'open' | 'settled' | 'released';
  settledFor: number;
}

/** Plays the agents: reserves Stars before each action, then settles, releases, extends or forgets them. */
export class StarsLoad {
  readonly reserved: Reserved[] = [];

  private constructor(
    private readonly requests: RequestTracker,
    private readonly bus: Bus,
    /** What the gateway signs with. */
    private readonly signingKey: Secrets['contextKeys'][string],
    private readonly close: () => Promise<void>,
  ) {}

  static async start(platform: SoakPlatform, requests: RequestTracker): Promise<StarsLoad> {
    const { connection, keys, gatewayKey } = await platform.agents();
    return new StarsLoad(requests, new Bus('agents', keys, connection), gatewayKey, () => connection.close());
  }

  stop(): Promise<void> {
    return this.close();
  }

  /** Works on an organization's wallet until `over`. */
  async run(org: SoakOrg, numbers: SeededNumbers, over: AbortSignal): Promise<void> {
    const agents = Array.from({ length: 3 }, () => randomUUID());
    const people = Array.from({ length: 2 }, () => randomUUID());
    while (!over.aborted) {
      await this.action(org, numbers, numbers.one(agents), numbers.percent(70) ? numbers.one(people) : undefined, over);
      await delay(numbers.between(10, 120));
    }
  }

  private async action(
    org: SoakOrg,
    numbers: SeededNumbers,
    agent: string,
    person: string | undefined,
    over: AbortSignal,
  ): Promise<void> {
    const stars = numbers.between(1, 4);
    const key = `soak-${randomUUID()}`;
    // Now and then the end of the action and that of the hold come at the same moment.
    const close = numbers.percent(15);
    const wish = {
      key,
      stars,
      agent_id: agent,
      run_id: randomUUID(),
      price_version: 1,
      ttl_seconds: close ? 1 : numbers.between(2, 8),
      ...(person && { person_id: person }),
    };
    let reserved: Reserved | undefined;
    await this.keep(org, Reserve, wish, `reserve ${key}`, ({ hold_id }) => {
      reserved = { org: org.id, key, hold: hold_id, end: 'open', settledFor: 0 };
      this.reserved.push(reserved);
    });
    if (!reserved) return;
    if (!reserved.hold) return void (await delay(200, undefined, { signal: over }).catch(() => undefined));
    await delay(close ? numbers.between(900, 1_050) : numbers.between(0, 30));
    await this.finish(org, numbers, reserved, reserved.hold, stars);
  }

  private async finish(
    org: SoakOrg,
    numbers: SeededNumbers,
    reserved: Reserved,
    hold: string,
    stars: number,
  ): Promise<void> {
    const dice = numbers.below(100);
    // What comes late is charged all the same.
    if (dice < 25) {
      const cost = numbers.between(1, stars);
      return this.keep(org, Settle, { hold_id: hold, stars: cost }, `settle ${hold}`, () =>
        Object.assign(reserved, { end: 'settled', settledFor: cost }),
      );
    }
    if (dice < 75)
      return this.keep(org, Release, { hold_id: hold }, `release ${hold}`, () => (reserved.end = 'released'));
    // One that has ended meanwhile says so; the rest is nobody's, and expires.
    if (dice < 85)
      await this.keep(
        org,
        Extend,
        { hold_id: hold, ttl_seconds: numbers.between(1, 8) },
        `extend ${hold}`,
        () => undefined,
        ['state_conflict'],
      );
  }

  private async keep<Request extends object, Reply extends object>(
    org: SoakOrg,
    contract: RequestContract<Request, Reply>,
    request: Request,
    what: string,
    kept: (reply: Reply) => unknown,
    mayRefuse: readonly string[] = [],
  ): Promise<void> {
    const idempotencyKey = randomUUID();
    const owner = orgContext(org.id, org.ownerId, 'owner');
    // As agents itself: for whoever asked it what nobody may do without them, and what it owes by itself.
    const ask = (): Promise<Reply> => {
      const delegation = contract.underGrant && testDelegation(owner, randomUUID(), PostMessage, this.signingKey);
      return runInTenantContext({ ...owner, ...(delegation && { delegation }) }, () =>
        this.bus.request(contract, request, { idempotencyKey, timeoutMs: WITHIN_MS }),
      );
    };
    await this.requests.track<Reply>({
      what,
      mayRefuse,
      attempt: () => ask().then((reply) => ({ end: 'kept', reply }), outcomeOfFailure),
      settled: (outcome) => void (outcome.end === 'kept' && kept(outcome.reply)),
    });
  }
}

function outcomeOfFailure(error: unknown): Outcome<never> {
  const code = error instanceof DomainError ? error.code : undefined;
  return code && !SAYS_NOTHING.has(code)
    ? { end: 'refused', code }
    : { end: 'unknown', why: String(error), internal: code === 'internal_error' };
}
