import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type pg from 'pg';
import { BenchPerson, connectAdmin } from '../dataset/bench.person.js';
import { fillDocuments, SEARCHED } from '../dataset/documents.dataset.js';
import { fillLeads, settle } from '../dataset/leads.dataset.js';
import { type BenchOrg, makeOrgs } from '../dataset/orgs.dataset.js';
import type { Contestant } from '../load/interleaved.rounds.js';
import { ModelServer } from '../peers/model.server.js';
import type { NewLead } from '../peers/tagged.leads.js';
import { NAMES } from './server.names.js';
import { type OurPlatform, startOurs } from './our.platform.js';
import { type PeerServer, type PeerServers, startPeers } from './peer.servers.js';

/** Number of the first organization that is not of the dataset. */
const BESIDE_FROM = 1_000_000;

/** Ours and the peers, over one growing dataset. */
export class BenchField {
  readonly #orgs: BenchOrg[] = [];
  #beside = BESIDE_FROM;

  private constructor(
    readonly ours: OurPlatform,
    private readonly peers: PeerServers,
    private readonly model: ModelServer,
    readonly person: BenchPerson,
    private readonly admin: pg.Client,
  ) {}

  /** Starts everything; the platform keeps its files in `folder`. @param commitTimes see `startOurs` */
  static async prepare(folder: string, commitTimes: boolean, report: (line: string) => void): Promise<BenchField> {
    const model = await ModelServer.start();
    const ours = await startOurs(folder, model.url, commitTimes, report);
    try {
      const { running } = ours.platform;
      const { app } = running.postgres['leads'] as { app: string };
      const peers = await startPeers(join(folder, 'peers-nats'), { databaseUrl: app, tagKey: ours.tagKey });
      const person = await BenchPerson.make(running);
      return new BenchField(ours, peers, model, person, await connectAdmin(running.postgres.admin));
    } catch (error) {
      await ours.platform.stop();
      await model.stop();
      throw error;
    }
  }

  get orgs(): readonly BenchOrg[] {
    return this.#orgs;
  }

  /** Adds organizations with leads until there are `orgs`, and lets the server settle. */
  async grow(orgs: number, leadsPerOrg: number): Promise<void> {
    const made = await makeOrgs(this.admin, this.person, this.#orgs.length, orgs - this.#orgs.length);
    // In portions, so that no single transaction holds a million rows.
    for (let at = 0; at < made.length; at += 1_000)
      await fillLeads(
        this.admin,
        made.slice(at, at + 1_000).map(({ id }) => id),
        leadsPerOrg,
      );
    this.#orgs.push(...made);
    await settle(this.admin);
  }

  /** More organizations of a person, the same one as a rule, beside those of the dataset. */
  orgsBeside(count: number, person = this.person): Promise<BenchOrg[]> {
    const from = this.#beside;
    this.#beside += count;
    return makeOrgs(this.admin, person, from, count);
  }

  /** Gives each organization a document of `few` passages, and the last one of `many`. */
  async fillDocuments(few: number, many: number): Promise<void> {
    const ids = this.#orgs.map(({ id }) => id);
    await fillDocuments(this.admin, ids.slice(0, -1), few);
    await fillDocuments(this.admin, ids.slice(-1), many);
    await settle(this.admin);
  }

  /** Rows of leads now. */
  async leadCount(): Promise<number> {
    return Number((await this.admin.query('select count(*) from leads.leads')).rows[0].count);
  }

  async postgresVersion(): Promise<string> {
    return String((await this.admin.query('show server_version')).rows[0].server_version);
  }

  /** "20 newest leads of one organization", for each of the four. */
  listers(): Contestant[] {
    return [
      this.#peer(NAMES.barePg, this.peers.barePg),
      this.#peer(NAMES.stockNest, this.peers.stockNest),
      this.#peer(NAMES.floor, this.peers.floor),
      {
        ...this.#our(),
        next: () => ({
          method: 'GET',
          path: `/v1/orgs/${this.#any().slug}/leads?limit=20`,
          headers: this.person.headers(),
        }),
      },
    ];
  }

  /** "Create a lead", by hand and by ours. */
  creators(): Contestant[] {
    const { barePg } = this.peers;
    return [
      {
        ...this.#peer(NAMES.barePg, barePg),
        next: () => ({
          method: 'POST',
          path: `/orgs/${this.#any().id}/leads`,
          headers: { 'x-actor': this.person.id, 'idempotency-key': randomUUID() },
          body: newLead(),
        }),
      },
      {
        ...this.#our(),
        next: () => ({
          method: 'POST',
          path: `/v1/orgs/${this.#any().slug}/leads`,
          headers: { ...this.person.headers(), 'idempotency-key': randomUUID() },
          body: newLead(),
        }),
      },
    ];
  }

  /** "The ten passages that fit best", in any organization but the last, and in the last. */
  searchers(): Contestant[] {
    const last = this.#orgs.at(-1) as BenchOrg;
    const others = this.#orgs.slice(0, -1);
    const any = (): BenchOrg => others[Math.floor(Math.random() * others.length)] as BenchOrg;
    return [any, () => last].map((of, place) => ({
      ...this.#our(),
      name: place === 0 ? 'few passages' : 'many passages',
      next: () => ({
        method: 'GET',
        path: `/v1/orgs/${of().slug}/documents/search?q=${encodeURIComponent(SEARCHED)}`,
        headers: this.person.headers(),
      }),
    }));
  }

  async stop(): Promise<void> {
    await this.admin.end();
    await this.peers.stop();
    await this.ours.platform.stop();
    await this.model.stop();
  }

  #our(): Omit<Contestant, 'next'> {
    return {
      name: NAMES.ours,
      url: this.ours.platform.running.gateway,
      pids: [...this.ours.pids, this.ours.postgresPid],
    };
  }

  #peer(name: string, { url, pids }: PeerServer): Contestant {
    return {
      name,
      url,
      pids: [...pids, this.ours.postgresPid],
      next: () => ({ method: 'GET', path: `/orgs/${this.#any().id}/leads` }),
    };
  }

  #any(): BenchOrg {
    return this.#orgs[Math.floor(Math.random() * this.#orgs.length)] as BenchOrg;
  }
}

function newLead(): NewLead {
  const n = Math.floor(Math.random() * 1_000_000);
  return {
    contact_name: `Contact ${n}`,
    company: `Company ${n % 97}`,
    email: `contact${n}@example.test`,
    value_minor: n * 100,
    tags: [`tag${n % 7}`],
  };
}
