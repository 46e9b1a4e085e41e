import { OrgChangedEvent, OrgCreatedEvent, type orgsMessages } from '@apollo/contracts';
import { connectNats, EventSealer, Outbox, OutboxRelay } from '@apollo/messaging';
import { newId } from '@apollo/tenancy';
import { OutboxDatabase, TenantDatabase } from '@apollo/tenancy/postgres';
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

/** Connections a service keeps to its database. */
const POOL_SIZE = 10;

/** A second process of the orgs service, as far as it writes events down and publishes them; organizations it tells of are its own. */
export class EventTeller {
  private constructor(
    private readonly database: TenantDatabase,
    private readonly outbox: Outbox,
    private readonly relay: OutboxRelay,
    readonly connection: Awaited<ReturnType<typeof connectNats>>,
    readonly sealer: EventSealer,
    /** What went wrong with publishing. */
    readonly failures: readonly unknown[],
  ) {}

  static async start({ platform, secrets }: OurPlatform): Promise<EventTeller> {
    const { postgres, nats } = platform.running;
    const { app, relay: relayUrl } = postgres['orgs'] as { app: string; relay: string };
    const database = new TenantDatabase({
      url: app,
      tagKey: String(secrets.tagKeys['orgs']),
      tables: [],
      poolSize: POOL_SIZE,
    });
    const connection = await connectNats('orgs', nats.url, String(nats.credentials['orgs']));
    const sealer = new EventSealer('orgs', secrets.contextKeys['orgs'] ?? {});
    const failures: unknown[] = [];
    const relay = new OutboxRelay('orgs', new OutboxDatabase(relayUrl, 'orgs'), connection, sealer, {
      published: () => undefined,
      failed: (error) => failures.push(error),
      refused: (_event, reason) => failures.push(reason),
    });
    relay.start();
    return new EventTeller(
      database,
      new Outbox(database, 'orgs', () => relay.wake()),
      relay,
      connection,
      sealer,
      failures,
    );
  }

  /** Commits an organization's event: its beginning, then by turns that it is suspended and resumed, so that its wallet has something to follow. */
  tell({ orgId, version }: NextEvent): Promise<void> {
    const facts = { ...FACTS, status: version % 2 === 0 ? 'suspended' : 'active' };
    return actAs('orgs', orgId, () =>
      this.outbox.emit(version === 1 ? OrgCreatedEvent : OrgChangedEvent, orgId, facts),
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
