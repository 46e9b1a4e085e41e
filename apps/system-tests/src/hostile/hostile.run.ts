import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { TOOL_NAMES } from '@apollo/contracts';
import { type Platform, startPlatform } from '@apollo/dev';
import { LedgerChecker } from '@apollo/operate';
import pg from 'pg';
import type { SeededNumbers } from '../faults/seeded.numbers.js';
import type { SoakJournal } from '../faults/soak.journal.js';
import { SoakPeople, SoakPerson } from '../faults/soak.people.js';
import { NO_LIMITS } from '../live.platform.js';
import { HostileGenerator } from './hostile.generator.js';
import { found, rowsOf } from './hostile.rows.js';
import { HostileServer } from './hostile.server.js';

/** Conversations that are led at once, and runs of each before another one begins. */
const TALKS = 4;
const RUNS_OF_CONVERSATION = 10;
/** Stars a day of the persona that is to come to its cap. */
const CAP = 20;
const PACK = 20_000;
/** Answers between two looks. */
const LOOK_EVERY = 1_000;

/** An organization, with whoever owns it. */
interface Besieged {
  readonly id: string;
  readonly slug: string;
  readonly owner: SoakPerson;
  /** Stands in its rows and nowhere else; nobody has told the model. */
  readonly secret: string;
}

/** What a run is asked to be. */
export interface HostileOptions {
  readonly dir: string;
  /** Of the model, at least. */
  readonly answers: number;
  readonly numbers: SeededNumbers;
  readonly journal: SoakJournal;
}

/**
 * Agents of one organization whose model is an attacker that knows every id of the others, over the whole platform. One
 * of those others is somebody else's, one the same person's.
 */
export class HostileRun {
  private constructor(
    private readonly platform: Platform,
    private readonly model: HostileServer,
    private readonly admin: pg.Pool,
    private readonly options: HostileOptions,
  ) {}

  /** Plays it to its end; what did not hold is in the journal. */
  static async play(options: HostileOptions): Promise<void> {
    const model = await HostileServer.start();
    const file = join(options.dir, 'models.json');
    // A call that breaks off is made again at once, and not after a while.
    const listed = ['hostile', 'hostile-again'].map((name) => ({ name, url: model.url, model: 'm' }));
    const models = listed.map((each, nth) => ({ ...each, fallback: nth === 0 ? ['hostile-again'] : [] }));
    await writeFile(file, JSON.stringify({ models }), { mode: 0o600 });
    const environment = { gateway: NO_LIMITS, agents: { MODELS_FILE: file } };
    const platform = await startPlatform({
      dir: options.dir,
      ports: 'free',
      seed: false,
      logLevel: 'warn',
      environment,
    });
    const admin = new pg.Pool({ connectionString: platform.running.postgres.admin, max: 2 });
    try {
      await new HostileRun(platform, model, admin, options).besiege();
    } finally {
      await admin.end();
      await platform.stop();
      await model.stop();
    }
  }

  private async besiege(): Promise<void> {
    const { journal, numbers, answers } = this.options;
    const people = new SoakPeople(this.platform.running);
    const [ada, bob] = [await people.granted('ada'), await people.granted('bob')];
    const [own, same, other] = [await this.org(ada), await this.org(ada), await this.org(bob)];
    const others = [same, other];
    const known = [own, ...others].flatMap(({ id, slug, owner }) => [id, slug, owner.email, `/v1/orgs/${slug}/leads`]);
    for (const each of others) known.push(...(await this.furnish(each)));
    known.push(
      this.model.trapUrl,
      `${this.platform.running.gateway}/v1/me`,
      'http://169.254.169.254/',
      'file:///etc/passwd',
    );
    this.model.answers = new HostileGenerator(numbers, known);
    this.model.secrets = others.map(({ secret }) => secret);
    for (let n = 0; n < 5; n++)
      await own.owner.surely('POST', `/v1/orgs/${own.slug}/leads`, { contact_name: `Own ${n}` });
    // What is looked for is there, and would be found.
    for (const { id, secret } of others)
      if ((await found(this.admin, 'leads.leads', id, [secret])) !== 1) throw new Error('the secrets are not there');
    await this.buy(own, answers);
    const before = await rowsOf(
      this.admin,
      others.map(({ id }) => id),
    );
    const [free, capped] = [await this.persona(own, 'Free', 1_000_000_000), await this.persona(own, 'Capped', CAP)];
    journal.line(`${before.size} tables, ${known.length} names that the model knows`);
    const talks = Array.from({ length: TALKS - 1 }, () => this.talk(own, free, answers));
    let isOver = false;
    const looks = this.looks(own, others, before, () => isOver);
    await this.talk(own, capped, Infinity);
    const refused = (await Promise.all(talks)).find((each) => each !== undefined);
    if (refused !== undefined) journal.breaks('an organization has its Stars for itself', refused);
    isOver = true;
    await looks;
    await this.look(own, others, before);
    await this.lookAtStars(own, capped);
    journal.count('answers of the model', this.model.asked);
  }

  private async org(owner: SoakPerson): Promise<Besieged> {
    const slug = `org-${randomUUID().slice(0, 8)}`;
    const { id } = await owner.surely('POST', '/v1/orgs', { slug, name: slug });
    const org = { id: String(id), slug, owner, secret: `secret-${randomUUID()}` };
    const isThere = async (path: string): Promise<boolean> => {
      const { status, body } = await owner.send('GET', `/v1/orgs/${slug}${path}`);
      return status === 200 && (!Array.isArray(body['items']) || body['items'].length > 0);
    };
    while (!(await isThere('/personas')) || !(await isThere('/billing/wallet'))) await delay(50);
    return org;
  }

  /** @returns ids that the model is to know */
  private async furnish({ slug, owner, secret }: Besieged): Promise<string[]> {
    const at = (path: string): string => `/v1/orgs/${slug}${path}`;
    const lead = await owner.surely('POST', at('/leads'), { contact_name: secret, company: secret });
    await owner.surely('POST', at(`/leads/${String(lead['id'])}/activities`), { text: secret });
    const [persona] = (await owner.surely('GET', at('/personas')))['items'] as { id: string }[];
    const fact = await owner.surely('POST', at(`/personas/${persona?.id}/memory`), { text: secret });
    const conversation = await owner.surely('POST', at('/conversations'), { title: secret });
    return [lead, persona ?? {}, fact, conversation].map((each) => String((each as { id: unknown }).id));
  }

  /** As many Stars as answers may cost, paid in another way than by card. */
  private async buy({ slug, owner }: Besieged, answers: number): Promise<void> {
    const { gateway, operator } = this.platform.running;
    const staff = new SoakPerson(gateway, operator.email, operator.password);
    for (let stars = 0; stars < 5 * answers; stars += PACK) {
      const { id } = await owner.surely('POST', `/v1/orgs/${slug}/billing/packs`, { pack: `pack-${PACK}` });
      await staff.surely('POST', `/v1/platform/payments/${String(id)}/confirm`, { reference: randomUUID() });
    }
  }

  private async persona({ slug, owner }: Besieged, name: string, daily_cap: number): Promise<string> {
    const persona = { name, instructions: 'Help.', tools: TOOL_NAMES, model: 'hostile', daily_cap };
    const { id } = await owner.surely('POST', `/v1/orgs/${slug}/personas`, persona);
    // The cap is told to where Stars are decided on.
    const isThere = async (): Promise<boolean> => {
      const { items } = await owner.surely('GET', `/v1/orgs/${slug}/billing/caps?limit=200`);
      return (items as { agent_id: string | null }[]).some(({ agent_id }) => agent_id === id);
    };
    while (!(await isThere())) await delay(50);
    return String(id);
  }

  /**
   * Has runs follow each other until the model has answered often enough, a few in each conversation.
   *
   * @returns why Stars were refused, where they were: that is the end
   */
  private async talk({ slug, owner }: Besieged, persona_id: string, answers: number): Promise<string | undefined> {
    const at = (path: string): string => `/v1/orgs/${slug}${path}`;
    for (let nth = 0, place = ''; this.model.asked < answers; nth += 1) {
      if (nth % RUNS_OF_CONVERSATION === 0) {
        const { id } = await owner.surely('POST', at('/conversations'), {});
        place = at(`/conversations/${String(id)}/messages`);
      }
      const { id } = await owner.surely('POST', place, { persona_id, text: 'What is new?' });
      let run = await owner.surely('GET', at(`/runs/${String(id)}?limit=1`));
      for (; ['queued', 'running'].includes(String(run['state'])); await delay(50))
        run = await owner.surely('GET', at(`/runs/${String(id)}?limit=1`));
      this.options.journal.count(`runs that ended as ${String(run['failure'] ?? run['state'])}`);
      if (run['failure'] === 'stars_refused') return String(run['failure_detail']);
    }
    return undefined;
  }

  private async looks(
    own: Besieged,
    others: Besieged[],
    before: Map<string, string>,
    isOver: () => boolean,
  ): Promise<void> {
    for (let next = LOOK_EVERY; !isOver(); await delay(200)) {
      if (this.model.asked < next) continue;
      await this.look(own, others, before);
      this.options.journal.line(`${this.model.asked} answers`);
      next = this.model.asked + LOOK_EVERY;
    }
  }

  private async look(own: Besieged, others: Besieged[], before: Map<string, string>): Promise<void> {
    const { journal } = this.options;
    const secrets = others.map(({ secret }) => secret);
    const now = await rowsOf(
      this.admin,
      others.map(({ id }) => id),
    );
    for (const [table, rows] of now)
      if (before.get(table) !== rows) journal.breaks('no row of another organization is written', table);
    for (const secret of this.model.told) journal.breaks('a model is told nothing of another organization', secret);
    for (const table of ['agents.run_entries', 'agents.runs', 'agents.facts', 'leads.leads', 'leads.activities'])
      if ((await found(this.admin, table, own.id, secrets)) > 0)
        journal.breaks('no row of another organization is read', table);
    if (this.model.trapped > 0) journal.breaks('nothing goes where a model points', `${this.model.trapped} requests`);
  }

  private async lookAtStars({ slug, owner }: Besieged, capped: string): Promise<void> {
    const { journal } = this.options;
    const { items } = await owner.surely('GET', `/v1/orgs/${slug}/billing/caps?limit=200`);
    const caps = items as { layer: string; agent_id: string | null; used: number; stars: number }[];
    const used = caps.find(({ agent_id }) => agent_id === capped)?.used ?? Infinity;
    journal.count('Stars of the capped persona', used);
    if (used > CAP) journal.breaks('no Star beyond a cap is spent', `${used} of ${CAP}`);
    const { checker } = this.platform.running.postgres['billing-stars'] as { checker: string };
    for (const finding of (await new LedgerChecker(checker).look()).findings)
      journal.breaks('the ledger adds up', JSON.stringify(finding));
  }
}
