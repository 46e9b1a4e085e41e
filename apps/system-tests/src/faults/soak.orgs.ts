import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { SoakPeople, SoakPerson } from './soak.people.js';

/** A lead and everything that was promised about it; one deed at a time. */
export interface SoakLead {
  readonly id: string;
  readonly name: string;
  version: number;
  company: string | null;
  stage: string;
  updates: number;
  moves: number;
  readonly notes: string[];
  busy: boolean;
}

/** An organization under load, as its people believe it to be. */
export interface SoakOrg {
  readonly id: string;
  readonly slug: string;
  /** In every text of this organization, and never anywhere else. */
  readonly canary: string;
  readonly owner: SoakPerson;
  readonly ownerId: string;
  /** Two more members; the first is Owner as well, now and then. */
  readonly second: { readonly person: SoakPerson; readonly id: string };
  readonly viewer: SoakPerson;
  readonly stages: readonly string[];
  readonly leads: SoakLead[];
  readonly invitations: { readonly email: string; readonly id: string }[];
  settings: { version: number; description: string | null; timeZone: string };
  /** Its Chief of Staff: each change is one version more. */
  readonly chief: { readonly id: string; version: number; description: string | null; changes: number };
  /** What the Chief of Staff was told. */
  readonly facts: string[];
}

/** What is known of an organization somebody only made. */
export interface MadeOrg {
  readonly id: string;
  readonly slug: string;
  readonly canary: string;
}

/** The organizations of a run. */
export class SoakOrgs {
  readonly loaded: SoakOrg[] = [];
  readonly made: MadeOrg[] = [];

  /** Every organization whose creation was promised. */
  all(): MadeOrg[] {
    return [...this.loaded, ...this.made];
  }

  /** An organization with three people and a default pipeline, before any fault. */
  async add(people: SoakPeople, owner: SoakPerson, ownerId: string): Promise<void> {
    const slug = `soak-${randomUUID().slice(0, 8)}`;
    const canary = `canary-${randomUUID()}`;
    const made = await owner.surely('POST', '/v1/orgs', { slug, name: canary });
    const second = await people.invited(owner, slug, 'member');
    const viewer = await people.invited(owner, slug, 'viewer');
    const members = (await owner.surely('GET', `/v1/orgs/${slug}/members`))['items'] as {
      user_id: string;
      role: string;
    }[];
    const secondId = members.find(({ user_id, role }) => role === 'member' && user_id !== ownerId)?.user_id;
    const pipelines = (await owner.surely('GET', `/v1/orgs/${slug}/pipelines`))['items'] as {
      stages: { id: string }[];
    }[];
    if (!secondId) throw new Error(`${slug} has no second member`);
    const chief = await chiefOf(owner, slug);
    this.loaded.push({
      id: String(made['id']),
      slug,
      canary,
      owner,
      ownerId,
      second: { person: second, id: secondId },
      viewer,
      stages: pipelines[0]?.stages.map(({ id }) => id) ?? [],
      leads: [],
      invitations: [],
      settings: { version: Number(made['version']), description: null, timeZone: String(made['time_zone']) },
      chief: { ...chief, changes: 0 },
      facts: [],
    });
  }
}

/** The persona that an organization has once its beginning is heard of. */
async function chiefOf(
  owner: SoakPerson,
  slug: string,
): Promise<{ id: string; version: number; description: string | null }> {
  for (;;) {
    const { items } = await owner.surely('GET', `/v1/orgs/${slug}/personas`);
    const [chief] = items as { id: string; version: number; description: string | null }[];
    if (chief) return { id: chief.id, version: chief.version, description: chief.description };
    await delay(50);
  }
}
