import { setTimeout as delay } from 'node:timers/promises';
import { durableRoutes } from '@apollo/messaging';
import type pg from 'pg';
import { schemaOf, WITH_DATABASE } from './soak.platform.js';
import type { SoakJournal } from './soak.journal.js';

/** Milliseconds between two looks. */
const PAUSE_MS = 100;

/**
 * Watches how far each service has come with each entity of each organization, since a person is a member of several:
 * an event that takes effect again, or late, sets it back.
 */
export class InboxWatch {
  private readonly seen = new Map<string, number>();
  private readonly consumers = WITH_DATABASE.filter((service) =>
    durableRoutes().some(({ consumer }) => consumer === service),
  );

  constructor(
    private readonly admin: pg.Pool,
    private readonly journal: SoakJournal,
  ) {}

  async run(over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      for (const consumer of this.consumers) await this.look(schemaOf(consumer)).catch(() => undefined);
      await delay(PAUSE_MS);
    }
  }

  private async look(schema: string): Promise<void> {
    const { rows } = await this.admin.query<{ place: string; version: number }>(
      `select concat_ws(' ', org_id, source, entity, entity_id) as place, version::int from ${schema}.inbox`,
    );
    for (const { place, version } of rows) {
      const before = this.seen.get(`${schema} ${place}`) ?? 0;
      if (version < before)
        this.journal.breaks(
          'an effect happens once, and in order',
          `${schema} went back from ${before} to ${version} of ${place}`,
        );
      this.seen.set(`${schema} ${place}`, version);
    }
  }
}
