import { OrgChangedEvent, OrgCreatedEvent, type orgsMessages } from '@apollo/contracts';
import { connectNats, EventSigner, Outbox, OutboxRelay } from '@apollo/messaging';
import { newId } from '@apollo/tenancy';
import { OutboxDatabase, statement, TenantDatabase } from '@apollo/tenancy/postgres';
import type pg from 'pg';
import type { OurPlatform } from '../servers/our.platform.js';
import { actAs } from './acting.service.js';

/** What events say of an organization. */
export const FACTS: orgsMessages.OrgFacts = {
  slug: 'bench-00000',
  time_zone: 'Europe/Berlin',
  currency: 'EUR',
  status: 'active',
};

/** An organization's next event. */
export interface NextEvent {
  readonly orgId: string;
  /** 1, 2, 3 … */
  readonly version: number;
}

/** By turns, so that each wallet has something to follow. */
const ZONES = ['Europe/Berlin', 'Europe/Lisbon'] as const;
// What is told of an organization is what its row says.
const move = statement<object, { zone: string }>(
  'move org',
  'update orgs.organizations set time_zone = :zone, version = version + 1 where org_id = :org and id = :org',
);

/** Connections a service keeps to its database. */
const POOL_SIZE = 10;

/**
 * A second process of the orgs service, as far as it writes events down and publishes them; organizations it tells of
 * are its own.
 */
export class EventWriter {
  private constructor(
    private readonly database: TenantDatabase,
    private readonly outbox: Outbox,
    private readonly relay: OutboxRelay,
    private readonly connection: Awaited<ReturnType<typeof connectNats>>,
    /** What went wrong with publishing. */
    readonly failures: readonly unknown[],
  ) {}

  static async start({ platform, secrets }: OurPlatform): Promise<EventWriter> {
    const { postgres, nats } = platform.running;
    const { app, relay: relayUrl } = postgres['orgs'] as { app: string; relay: string };
    const database = new TenantDatabase({
      url: app,
      tagKey: String(secrets.tagKeys['orgs']),
      poolSize: POOL_SIZE,
    });
    const connection = await connectNats('orgs', nats.url, String(nats.credentials['orgs']));
    const sealer = new EventSigner('orgs', secrets.contextKeys['orgs'] ?? {});
    const failures: unknown[] = [];
    const relay = new OutboxRelay('orgs', new OutboxDatabase(relayUrl, 'orgs'), connection, sealer, {
      published: () => undefined,
      failed: (error) => failures.push(error),
      refused: (_event, reason) => failures.push(reason),
    });
    relay.start();
    return new EventWriter(database, new Outbox(database, 'orgs', () => relay.wake()), relay, connection, failures);
  }

  /** Commits an organization's event: its beginning, then by turns that it has moved to another time zone and back. */
  tell({ orgId, version }: NextEvent): Promise<void> {
    if (version === 1) return actAs('orgs', orgId, () => this.outbox.emit(OrgCreatedEvent, orgId, FACTS));
    const zone = ZONES[(version + 1) % 2] as string;
    return actAs('orgs', orgId, () =>
      this.database.transaction(async (transaction) => {
        transaction.defer(move, { zone });
        await this.outbox.emit(OrgChangedEvent, orgId, { ...FACTS, time_zone: zone });
      }),
    );
  }

  /** Commits the events of many organizations at one instant. */
  tellAtOnce(events: readonly NextEvent[]): Promise<void> {
    return actAs('orgs', events[0]?.orgId ?? '', () =>
      this.database.transaction(async () => {
        for (const event of events) await this.tell(event);
      }),
    );
  }

  async stop(): Promise<void> {
    await this.relay.stop();
    await this.connection.close();
    await this.database.close();
  }
}

/** Organizations nobody else knows. */
export function newOrgs(count: number): string[] {
  return Array.from({ length: count }, () => newId());
}

/** The same, each with its row, of which nothing was told yet. */
export async function orgsToTellOf(admin: pg.Client, count: number): Promise<string[]> {
  const ids = newOrgs(count);
  const { time_zone, currency } = FACTS;
  await admin.query(
    `insert into orgs.organizations (org_id, id, slug, name, time_zone, language, currency, created_at)
     select id, id, 'told-' || nth, 'Told ' || nth, $2, 'en', $3, now() from unnest($1::uuid[]) with ordinality as told (id, nth)`,
    [ids, time_zone, currency],
  );
  return ids;
}
