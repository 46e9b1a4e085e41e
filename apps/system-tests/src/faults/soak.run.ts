import { setTimeout as delay } from 'node:timers/promises';
import { LedgerChecker } from '@apollo/operate';
import { converge } from './convergence.js';
import { eventsUnderWay } from './event.arrivals.js';
import { nameOf, type PlannedFault, type Round, untried } from './fault.plan.js';
import { HttpLoad } from './http.load.js';
import { InboxWatch } from './inbox.watch.js';
import { LedgerWatch } from './ledger.watch.js';
import { RequestTracker } from './request.tracker.js';
import type { SeededNumbers } from './seeded.numbers.js';
import { SoakInvariants } from './soak.invariants.js';
import type { SoakJournal } from './soak.journal.js';
import { SoakOrgs } from './soak.orgs.js';
import { SoakPeople } from './soak.people.js';
import type { SoakPlatform } from './soak.platform.js';
import { StarsLoad } from './stars.load.js';

/** Owners, each with so many organizations of their own. */
const OWNERS = 2;
const ORGS_EACH = 2;
/** Agents at work at once in one organization; their wallet is theirs together. */
const AGENTS = 3;

/** How long a run that is lost already looks for answers, in milliseconds. */
const BROKEN_PATIENCE_MS = 5_000;

/** One run over a platform: load, faults one round after the other, and looks at everything that must hold. */
export class SoakRun {
  private readonly orgs = new SoakOrgs();
  private readonly requests: RequestTracker;
  private readonly invariants: SoakInvariants;
  private readonly over = new AbortController();
  private readonly http: HttpLoad;
  /** Names of faults. */
  private readonly tried = new Set<string>();
  private slowest = 0;

  constructor(
    private readonly platform: SoakPlatform,
    private readonly journal: SoakJournal,
    private readonly numbers: SeededNumbers,
    /** Milliseconds in which all is well again after a fault. */
    private readonly withinMs: number,
  ) {
    this.requests = new RequestTracker(journal);
    this.http = new HttpLoad(this.requests, this.orgs, journal);
    this.invariants = new SoakInvariants(platform, this.orgs, journal);
  }

  async play(plan: readonly Round[], seconds: number, interrupted: AbortSignal): Promise<void> {
    await this.people();
    const stars = await StarsLoad.start(this.platform, this.requests);
    const inbox = new InboxWatch(this.platform.admin, this.journal);
    const watch = new LedgerWatch(
      new LedgerChecker(this.platform.roleUrl('billing-stars', 'checker')),
      this.journal,
      this.over.signal,
    );
    const load = [...this.load(stars), inbox.run(this.over.signal)];
    try {
      await this.rounds(plan, seconds, interrupted);
    } finally {
      this.over.abort();
    }
    await Promise.all([...load, watch.ended()]);
    await this.end(stars, watch);
    this.tellUntried(plan);
    await stars.stop();
  }

  private async people(): Promise<void> {
    const { running, gateway } = this.platform;
    const people = new SoakPeople({ gateway, mail: running.mail, operator: running.operator });
    for (let owner = 0; owner < OWNERS; owner += 1) {
      const person = await people.granted(`owner-${owner}`);
      const me = await person.surely('GET', '/v1/me');
      for (let org = 0; org < ORGS_EACH; org += 1)
        await this.orgs.add(people, person, String((me['user'] as { id: string } | undefined)?.id ?? me['id']));
    }
    this.journal.line(
      `${this.orgs.loaded.length} organizations of ${OWNERS} owners, with ${2 * this.orgs.loaded.length} more members`,
    );
  }

  private load(stars: StarsLoad): Promise<void>[] {
    return this.orgs.loaded.flatMap((org, place) => [
      this.http.run(org, this.numbers.branch(`person ${place}`), this.over.signal),
      ...Array.from({ length: AGENTS }, (_, agent) =>
        stars.run(org, this.numbers.branch(`agent ${place} ${agent}`), this.over.signal),
      ),
    ]);
  }

  private async rounds(plan: readonly Round[], seconds: number, interrupted: AbortSignal): Promise<void> {
    const begun = Date.now();
    for (const round of plan) {
      const wait = begun + round.atMs - Date.now();
      // A late run ends in time all the same.
      if (Date.now() - begun > seconds * 1000) break;
      if (this.journal.broken.length > 0) return this.journal.line('a promise is broken: nothing more is done to it');
      await delay(Math.max(500, wait), undefined, { signal: interrupted });
      await this.round(round);
    }
  }

  private async round(round: Round): Promise<void> {
    const what = round.faults.map(nameOf).join(' and ');
    const notes: string[] = [];
    this.requests.calm = false;
    const heal: (() => Promise<void>)[] = [];
    for (const fault of round.faults) heal.push(await this.inject(fault, notes));
    await delay(Math.max(...round.faults.map(({ lastsMs }) => lastsMs)));
    for (const undo of heal.reverse()) await undo();
    const [org] = this.orgs.loaded;
    if (!org) return;
    const took = await converge(this.platform, org, this.journal, {
      healed: Date.now(),
      withinMs: this.withinMs,
      after: what,
    });
    this.requests.calm = true;
    this.slowest = Math.max(this.slowest, took);
    this.journal.count('faults', round.faults.length);
    this.journal.line(
      `${what}${notes.length > 0 ? ` (${notes.join('; ')})` : ''}: well again after ${(took / 1000).toFixed(1)} s`,
    );
    await this.invariants.owners();
    await this.invariants.canaries([this.numbers.one(this.orgs.all())]);
  }

  private async inject(fault: PlannedFault, notes: string[]): Promise<() => Promise<void>> {
    const name = nameOf(fault);
    const numbers = this.numbers.branch(name);
    const makeOrg = (): Promise<void> => this.http.createOrg(numbers.one(this.orgs.loaded));
    let missed = false;
    const heal = await fault.kind.inject(
      {
        platform: this.platform,
        orgs: this.orgs.loaded,
        numbers,
        makeOrg,
        note: (text) => notes.push(text),
        missed: () => (missed = true),
      },
      fault.target,
    );
    if (!missed) this.tried.add(name);
    return heal;
  }

  /** A run that was late, or lost, or whose points did not come, has shown less than its plan says. */
  private tellUntried(plan: readonly Round[]): void {
    const left = untried(plan, this.tried);
    this.journal.line(
      left.length === 0 ? 'every planned fault was tried' : `planned and not tried: ${left.join(', ')}`,
    );
  }

  /** Nothing is wrong any more and nobody asks: whatever was left open has to come to an end now. */
  private async end(stars: StarsLoad, watch: LedgerWatch): Promise<void> {
    await this.platform.heal();
    this.journal.line(`the load is over; ${this.requests.waiting} answers are still to be found out`);
    const whole = this.journal.broken.length === 0;
    await this.requests.close(whole ? 2 * this.withinMs : BROKEN_PATIENCE_MS);
    if (whole) await this.arrivals();
    await this.invariants.owners();
    await this.invariants.canaries(this.orgs.all());
    await this.invariants.people();
    await this.invariants.agents();
    await this.invariants.stars(stars.reserved);
    if (!(await watch.look())) this.journal.breaks('the checker can look', 'at the end it could not');
    this.journal.count('looks at the ledger equations', watch.looks);
    this.journal.count('organizations', this.orgs.all().length);
    this.journal.line(`slowest to be well again: ${(this.slowest / 1000).toFixed(1)} s`);
  }

  /** What was under way has to come to its end: events, and holds. */
  private async arrivals(): Promise<void> {
    const [org] = this.orgs.loaded;
    if (org)
      await converge(this.platform, org, this.journal, {
        healed: Date.now(),
        withinMs: this.withinMs,
        after: 'the end',
      });
    for (const missing of await this.soon(() => eventsUnderWay(this.platform.admin, new Date())))
      this.journal.breaks('every committed event reaches every consumer', missing);
    await this.lastHolds();
  }

  /** Nobody comes back for the last holds, and nobody touches their wallets. */
  private async lastHolds(): Promise<void> {
    await delay(Math.max(0, (await this.invariants.openHolds()).endMs));
    const left = await this.soon(async () => {
      const { open } = await this.invariants.openHolds();
      return open > 0 ? [`${open} of them are open after their end`] : [];
    });
    for (const late of left) this.journal.breaks('holds expire', late);
  }

  /** Asks until there is nothing left, or it has taken too long. */
  private async soon(ask: () => Promise<string[]>): Promise<string[]> {
    for (const until = Date.now() + this.withinMs; ; await delay(100)) {
      const left = await ask();
      if (left.length === 0 || Date.now() > until) return left;
    }
  }
}
