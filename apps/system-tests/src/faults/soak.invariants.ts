import { newId } from '@apollo/tenancy';
import { TagSigner } from '@apollo/tenancy/postgres';
import pg from 'pg';
import type { SoakJournal } from './soak.journal.js';
import type { SoakOrg, SoakOrgs } from './soak.orgs.js';
import { schemaOf, type SoakPlatform, WITH_DATABASE } from './soak.platform.js';
import type { Reserved } from './stars.load.js';

type Row = Record<string, unknown>;

/**
 * What must hold whenever all is well, looked at from outside. Each look costs some queries; the platform need not
 * rest.
 */
export class SoakInvariants {
  constructor(
    private readonly platform: SoakPlatform,
    private readonly orgs: SoakOrgs,
    private readonly journal: SoakJournal,
  ) {}

  /** Every organization has an Owner. */
  async owners(): Promise<void> {
    const without = await this.rows(
      "select o.slug from orgs.organizations o where o.deleted_at is null and not exists (select from orgs.members m where m.org_id = o.org_id and m.role = 'owner')",
    );
    for (const { slug } of without) this.journal.breaks('every organization has an Owner', String(slug));
  }

  /** Under one organization's tag, with no filter, each service's own role sees its canary and no other. */
  async canaries(
    orgs: readonly { readonly id: string; readonly slug: string; readonly canary: string }[],
  ): Promise<void> {
    for (const service of WITH_DATABASE) {
      const client = new pg.Client({ connectionString: this.platform.roleUrl(service, 'app') });
      client.on('error', () => undefined);
      await client.connect();
      try {
        for (const org of orgs) await this.canariesOf(client, service, org);
      } finally {
        await client.end();
      }
    }
  }

  private async canariesOf(
    client: pg.Client,
    service: (typeof WITH_DATABASE)[number],
    org: { id: string; slug: string; canary: string },
  ): Promise<void> {
    const schema = schemaOf(service);
    const tables = await this.rows(
      "select c.oid::regclass::text as name from pg_class c where c.relnamespace = $1::regnamespace and c.relkind = 'r'",
      [schema],
    );
    const tag = new TagSigner(this.platform.tagKey(service)).sign(
      { scope: 'org', orgId: org.id, actor: newId(), role: 'owner', requestId: newId() },
      Date.now(),
    );
    let own = false;
    for (const { name } of tables) {
      await client.query('begin');
      await client.query('select tenancy.carry($1)', [tag]);
      // A table of people or of the platform is closed to an organization: that is as good as empty.
      const { rows } = await client
        .query<{ text: string }>(`select t::text as text from ${String(name)} t`)
        .catch(() => ({ rows: [] }));
      await client.query('rollback');
      const seen = rows.map(({ text }) => text).join('\n');
      own ||= seen.includes(org.canary);
      for (const { canary } of this.orgs.all())
        if (canary !== org.canary && seen.includes(canary))
          this.journal.breaks('no canary crosses', `${String(name)} shows ${org.slug} the canary of another`);
    }
    // The control: an eye that sees nothing finds nothing.
    if (!own && service === 'orgs') this.journal.breaks('the probe sees what it may see', `${org.slug} in ${schema}`);
  }

  /** What was promised about leads, notes, invitations and settings is there, once; what was not promised is not. */
  async people(): Promise<void> {
    for (const org of this.orgs.loaded) {
      await this.leads(org);
      await this.same(
        `invitations of ${org.slug}`,
        org.invitations.map(({ id, email }) => `${id} ${email}`),
        await this.rows(
          "select id || ' ' || email as text from orgs.invitations where org_id = $1 and email ~ '-[0-9a-f]{8}-[0-9a-f]{4}-'",
          [org.id],
        ),
      );
      const [row] = await this.rows(
        'select version, description, time_zone from orgs.organizations where org_id = $1',
        [org.id],
      );
      if (
        row?.['version'] !== org.settings.version ||
        row['description'] !== org.settings.description ||
        row['time_zone'] !== org.settings.timeZone
      ) {
        this.journal.breaks(
          'an acknowledged write is there, once',
          `settings of ${org.slug}: promised ${JSON.stringify(org.settings)}, found ${JSON.stringify(row)}`,
        );
      }
    }
    await this.same(
      'organizations',
      this.orgs.made.map(({ id, slug }) => `${id} ${slug}`),
      await this.rows("select org_id || ' ' || slug as text from orgs.slugs where slug like 'made-%'"),
    );
  }

  private async leads(org: SoakOrg): Promise<void> {
    const found = await this.rows(
      `select l.id || ' ' || l.contact_name || ' version ' || l.version || ' ' || coalesce(l.company, '-') || ' in ' || l.stage_id || ', changes '
        || (select count(*) from leads.activities a where a.org_id = l.org_id and a.lead_id = l.id and a.kind = 'field_updated') || ', moves '
        || (select count(*) from leads.activities a where a.org_id = l.org_id and a.lead_id = l.id and a.kind = 'stage_changed') as text
      from leads.leads l where l.org_id = $1`,
      [org.id],
    );
    const promised = org.leads.map(
      (lead) =>
        `${lead.id} ${lead.name} version ${lead.version} ${lead.company ?? '-'} in ${lead.stage}, changes ${lead.updates}, moves ${lead.moves}`,
    );
    await this.same(`leads of ${org.slug}`, promised, found);
    const notes = await this.rows(
      "select detail ->> 'text' as text from leads.activities where org_id = $1 and kind = 'note_added'",
      [org.id],
    );
    await this.same(
      `notes of ${org.slug}`,
      org.leads.flatMap((lead) => lead.notes),
      notes,
    );
  }

  /**
   * Each organization has one Chief of Staff, which is as it was changed last, with a version for each change, and
   * remembers what it was told.
   */
  async agents(): Promise<void> {
    const chiefs = await this.rows(
      `select o.slug, (select count(*)::int from agents.personas p where p.org_id = o.org_id and p.is_chief_of_staff) as chiefs
      from orgs.organizations o where o.deleted_at is null`,
    );
    for (const { slug, chiefs: count } of chiefs)
      if (count !== 1)
        this.journal.breaks('an effect happens once', `${String(slug)} has ${String(count)} Chiefs of Staff`);
    for (const { id, slug, chief, facts } of this.orgs.loaded) {
      const described = (version: number, description: string | null, versions: number): string =>
        `version ${version}, ${versions} of them: ${description ?? '-'}`;
      const [row] = await this.rows(
        `select version, description, (select count(*)::int from agents.persona_versions v where v.org_id = p.org_id and v.persona_id = p.id) as versions
        from agents.personas p where p.org_id = $1 and p.id = $2`,
        [id, chief.id],
      );
      const found = described(
        Number(row?.['version']),
        row?.['description'] as string | null,
        Number(row?.['versions']),
      );
      await this.same(
        `Chief of Staff of ${slug}`,
        [described(1 + chief.changes, chief.description, 1 + chief.changes)],
        [{ text: found }],
      );
      await this.same(
        `facts of ${slug}`,
        facts,
        await this.rows('select text from agents.facts where org_id = $1', [id]),
      );
    }
  }

  /**
   * Each organization's wallet was opened once, knows where it is, and holds what was promised about each reservation.
   */
  async stars(reserved: readonly Reserved[]): Promise<void> {
    const wallets = await this
      .rows(`select o.slug, o.time_zone, w.time_zone as wallets, (select count(*) from billing_stars.grants g where g.org_id = o.org_id and g.source = 'welcome') as welcomes
      from orgs.organizations o left join billing_stars.wallets w on w.org_id = o.org_id where o.deleted_at is null`);
    for (const { slug, time_zone: zone, wallets: known, welcomes } of wallets) {
      if (Number(welcomes) !== 1)
        this.journal.breaks('an effect happens once', `${String(slug)} was welcomed ${String(welcomes)} times`);
      else if (zone !== known)
        this.journal.breaks(
          'an effect is the newest',
          `the wallet of ${String(slug)} is in ${String(known)}, the organization in ${String(zone)}`,
        );
    }
    const holds = new Map<string, Row[]>();
    for (const row of await this.rows(
      "select org_id, id, idempotency_key, state, settled from billing_stars.holds where idempotency_key like 'soak-%'",
    )) {
      holds.set(String(row['idempotency_key']), [...(holds.get(String(row['idempotency_key'])) ?? []), row]);
    }
    for (const promise of reserved) this.reservation(promise, holds.get(promise.key) ?? []);
  }

  private reservation(promised: Reserved, found: readonly Row[]): void {
    const { hold, end, settledFor } = promised;
    if (hold === null && found.length <= 1) return;
    const [row] = found;
    const fits =
      found.length === 1 &&
      row?.['org_id'] === promised.org &&
      row['id'] === hold &&
      Number(row['settled']) === settledFor &&
      { open: ['open', 'expired'], settled: ['settled'], released: ['released', 'expired'] }[end].includes(
        String(row['state']),
      );
    if (!fits)
      this.journal.breaks(
        'an acknowledged write is there, once',
        `reservation: promised ${JSON.stringify(promised)}, found ${JSON.stringify(found)}`,
      );
  }

  /** Holds that nobody came back for: how many are open, and in how many milliseconds the last one ends by itself. */
  async openHolds(): Promise<{ open: number; endMs: number }> {
    const [row] = await this.rows(
      "select count(*)::int as open, coalesce(extract(epoch from max(expires_at) - now()) * 1000, 0)::float8 as end from billing_stars.holds where state = 'open'",
    );
    return { open: Number(row?.['open']), endMs: Number(row?.['end']) };
  }

  private async same(what: string, promised: readonly string[], rows: readonly Row[]): Promise<void> {
    const found = rows.map((row) => String(row['text'])).sort();
    const wanted = [...promised].sort();
    const missing = wanted.filter((text) => !found.includes(text));
    const surplus = found.filter((text) => !wanted.includes(text));
    const twice = found.filter((text, place) => text === found[place - 1]);
    for (const [how, texts] of [
      ['missing', missing],
      ['never promised', surplus],
      ['there twice', twice],
    ] as const) {
      if (texts.length > 0)
        this.journal.breaks(
          'an acknowledged write is there, once',
          `${what}: ${texts.length} ${how}, e.g. ${texts.slice(0, 3).join(' | ')}`,
        );
    }
  }

  private async rows(sql: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.platform.admin.query<Row>(sql, values)).rows;
  }
}
