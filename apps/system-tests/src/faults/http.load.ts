import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Json } from '@apollo/dev';
import type { TrackedRequest, RequestTracker } from './request.tracker.js';
import type { SeededNumbers } from './seeded.numbers.js';
import type { SoakJournal } from './soak.journal.js';
import type { SoakLead, SoakOrg, SoakOrgs } from './soak.orgs.js';
import type { SoakPerson } from './soak.people.js';

const ZONES = ['UTC', 'Europe/Berlin', 'America/Sao_Paulo', 'Pacific/Auckland'];
/** Most leads of one organization; the load works on those it has then. */
const LEADS = 120;
/** Most organizations made by the way. */
const MADE = 60;

/** One member of an organization at work: asks, waits for the answer however often it is lost, and asks the next. */
export class HttpLoad {
  constructor(
    private readonly requests: RequestTracker,
    private readonly orgs: SoakOrgs,
    private readonly journal: SoakJournal,
  ) {}

  /** Works for an organization until `over`. */
  async run(org: SoakOrg, numbers: SeededNumbers, over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      await this.step(org, numbers);
      await delay(numbers.between(20, 160));
    }
  }

  private async step(org: SoakOrg, numbers: SeededNumbers): Promise<void> {
    const dice = numbers.below(100);
    const lead = numbers.percent(80) ? org.leads.find(({ busy }) => !busy) : undefined;
    if (dice < 25 && org.leads.length < LEADS) return this.createLead(org);
    if (lead && dice < 50) return this.change(org, lead, numbers);
    if (dice < 62) return this.configure(org, numbers);
    if (dice < 68) return this.instruct(org, numbers);
    if (dice < 74) return this.invite(org);
    if (dice < 84) return this.rename(org, numbers);
    if (dice < 86 && this.orgs.made.length < MADE) return this.createOrg(org);
    return this.look(org, numbers);
  }

  private async keep(
    org: SoakOrg,
    person: SoakPerson,
    method: string,
    path: string,
    body: object,
    settled: (reply: Json) => void,
    mayRefuse: readonly string[] = [],
  ): Promise<void> {
    const key = randomUUID();
    const where = path.startsWith('/v1') ? path : `/v1/orgs/${org.slug}${path}`;
    const request: TrackedRequest<Json> = {
      what: `${method} ${where} with key ${key}`,
      mayRefuse,
      attempt: () => person.ask(method, where, { body, key }),
      settled: (outcome) => void (outcome.end === 'kept' && settled(outcome.reply)),
    };
    await this.requests.track(request);
  }

  private createLead(org: SoakOrg): Promise<void> {
    const name = `${org.canary} lead ${randomUUID()}`;
    return this.keep(org, org.owner, 'POST', '/leads', { contact_name: name, company: org.canary }, (reply) => {
      org.leads.push({
        id: String(reply['id']),
        name,
        version: Number(reply['version']),
        company: org.canary,
        stage: String(reply['stage_id']),
        updates: 0,
        moves: 0,
        notes: [],
        busy: false,
      });
    });
  }

  /** One change of a lead at a time, so that each answer's version is known beforehand. */
  private async change(org: SoakOrg, lead: SoakLead, numbers: SeededNumbers): Promise<void> {
    lead.busy = true;
    // Moved to the end of the queue, so that every lead has its turn.
    org.leads.push(...org.leads.splice(org.leads.indexOf(lead), 1));
    const done = (): void => void (lead.busy = false);
    const dice = numbers.below(3);
    if (dice === 0) {
      const text = `${org.canary} note ${randomUUID()}`;
      return this.keep(
        org,
        org.owner,
        'POST',
        `/leads/${lead.id}/activities`,
        { text },
        () => (lead.notes.push(text), done()),
      );
    }
    const changed = (reply: Json, change: () => void): void => {
      change();
      lead.version += 1;
      if (reply['version'] !== lead.version)
        this.journal.breaks(
          'a change takes effect once',
          `lead ${lead.id} has version ${String(reply['version'])} after ${lead.version - 1} and one change`,
        );
      done();
    };
    if (dice === 1) {
      const company = `${org.canary} ${randomUUID()}`;
      return this.keep(org, org.owner, 'PATCH', `/leads/${lead.id}`, { company }, (reply) =>
        changed(reply, () => ((lead.company = company), (lead.updates += 1))),
      );
    }
    const stage = numbers.one(org.stages.filter((id) => id !== lead.stage));
    return this.keep(org, org.owner, 'POST', `/leads/${lead.id}/move`, { stage_id: stage }, (reply) =>
      changed(reply, () => ((lead.stage = stage), (lead.moves += 1))),
    );
  }

  /** Some changes in one breath: their events are on their way together. */
  private async configure(org: SoakOrg, numbers: SeededNumbers): Promise<void> {
    await Promise.all(
      Array.from({ length: numbers.between(1, 4) }, () => {
        const description = `${org.canary} ${randomUUID()}`;
        const timeZone = numbers.one(ZONES);
        return this.keep(org, org.owner, 'PATCH', '', { description, time_zone: timeZone }, (reply) => {
          // The last version is the last change.
          const version = Number(reply['version']);
          if (version > org.settings.version) org.settings = { version, description, timeZone };
        });
      }),
    );
  }

  /** Tells the Chief of Staff something, or changes it. */
  private instruct(org: SoakOrg, numbers: SeededNumbers): Promise<void> {
    const { chief } = org;
    const text = `${org.canary} ${randomUUID()}`;
    if (numbers.percent(50))
      return this.keep(
        org,
        org.owner,
        'POST',
        `/personas/${chief.id}/memory`,
        { text },
        () => void org.facts.push(text),
      );
    return this.keep(org, org.owner, 'PATCH', `/personas/${chief.id}`, { description: text }, (reply) => {
      chief.changes += 1;
      const version = Number(reply['version']);
      if (version > chief.version) Object.assign(chief, { version, description: text });
    });
  }

  private invite(org: SoakOrg): Promise<void> {
    const email = `${org.slug}-${randomUUID()}@example.com`;
    return this.keep(
      org,
      org.owner,
      'POST',
      '/invitations',
      { email, role: 'viewer' },
      (reply) => void org.invitations.push({ email, id: String(reply['id']) }),
      // An organization sends a bounded number of them a day.
      ['rate_limited'],
    );
  }

  /** The second member rises and falls; now and then two Owners demote each other at once. */
  private async rename(org: SoakOrg, numbers: SeededNumbers): Promise<void> {
    const { person, id } = org.second;
    const role = numbers.one(['member', 'admin', 'viewer', 'owner']);
    await this.keep(org, org.owner, 'PATCH', `/members/${id}`, { role }, () => undefined, [
      'forbidden',
      'owner_required',
    ]);
    if (role !== 'owner' || numbers.percent(50)) return;
    const owners = await org.owner.ask('GET', `/v1/orgs/${org.slug}/members`);
    const first =
      owners.end === 'kept'
        ? (owners.reply['items'] as { user_id: string; role: string }[]).find(
            (member) => member.role === 'owner' && member.user_id !== id,
          )?.user_id
        : undefined;
    if (first === undefined) return;
    const duel = ['last_owner', 'forbidden', 'owner_required'];
    await Promise.all([
      this.keep(org, org.owner, 'PATCH', `/members/${id}`, { role: 'admin' }, () => undefined, duel),
      this.keep(org, person, 'PATCH', `/members/${first}`, { role: 'admin' }, () => undefined, duel),
    ]);
    // Whoever is left puts the first one back.
    await this.keep(org, person, 'PATCH', `/members/${first}`, { role: 'owner' }, () => undefined, duel);
  }

  /** One more organization of the same owner; nothing else happens in it. */
  createOrg(org: SoakOrg): Promise<void> {
    const slug = `made-${randomUUID().slice(0, 8)}`;
    const canary = `canary-${randomUUID()}`;
    return this.keep(
      org,
      org.owner,
      'POST',
      '/v1/orgs',
      { slug, name: canary },
      (reply) => void this.orgs.made.push({ id: String(reply['id']), slug, canary }),
    );
  }

  /** Looks at what a member may see: nothing of anybody else's is in it. */
  private async look(org: SoakOrg, numbers: SeededNumbers): Promise<void> {
    const other = numbers.one(this.orgs.all());
    const path = numbers.one([
      '/leads',
      '/leads?search=canary',
      `/leads?search=${other.canary}`,
      '/audit-log',
      '',
      '/members',
      '/invitations',
      '/billing/ledger',
      '/personas',
      `/personas/${org.chief.id}/versions`,
      `/personas/${org.chief.id}/memory`,
      '/audit-log?service=agents',
      '/lead-export',
    ]);
    try {
      const answer = await org.owner.send('GET', `/v1/orgs/${org.slug}${path}`);
      this.journal.count('looks at what an organization sees');
      for (const { canary } of this.orgs.all()) {
        if (canary !== org.canary && answer.text.includes(canary))
          this.journal.breaks('no canary crosses', `${org.slug}${path} shows ${canary}`);
      }
    } catch {
      this.journal.count('answers lost');
    }
  }
}
