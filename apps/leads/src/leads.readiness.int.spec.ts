import { type RunningService, startService } from '@apollo/service-kit';
import {
  deleteStream,
  ownBus,
  type OwnBus,
  rootedConfig,
  testDatabase,
  type TestDatabase,
  testServiceConfig,
} from '@apollo/testing';
import { LeadsModule } from './leads.module.js';
import { leadsSchema } from './leads.schema.js';

describe('a service', () => {
  let test: TestDatabase;
  let bus: OwnBus;

  beforeEach(
    async () =>
      void ([test, bus] = await Promise.all([testDatabase(leadsSchema), ownBus({ configText: rootedConfig })])),
  );
  afterEach(() => Promise.all([test?.drop(), bus?.stop()]));

  const start = (): Promise<RunningService> => {
    const config = { ...testServiceConfig('leads', test), natsUrl: bus.url };
    return startService({ name: 'leads', schema: leadsSchema, config, module: LeadsModule });
  };
  const loseStream = (): Promise<void> => deleteStream(bus.url, 'leads-events');

  describe('that runs is not ready', () => {
    let service: RunningService;
    beforeEach(async () => void (service = await start()));
    afterEach(() => service?.stop());

    const readiness = async (): Promise<unknown> => {
      const response = await fetch(`http://127.0.0.1:${service.healthPort}/readyz`);
      return { status: response.status, ...((await response.json()) as { checks: object }).checks };
    };
    const all = { status: 200, postgres: true, nats: true, streams: true, relay: true };

    it('while a stream that it tells into is gone', async () => {
      expect(await readiness()).toEqual(all);
      await loseStream();
      expect(await readiness()).toEqual({ ...all, status: 503, streams: false });
    });

    it('while its relay may not read what is to be told', async () => {
      expect(await readiness()).toEqual(all);
      await test.admin('revoke select on leads.outbox from leads_relay');
      expect(await readiness()).toEqual({ ...all, status: 503, relay: false });
      await test.admin('grant select on leads.outbox to leads_relay');
      expect(await readiness()).toEqual(all);
    });
  });

  it('that cannot start leaves no connection behind', async () => {
    await loseStream();
    await expect(start()).rejects.toThrow('stream leads-events');
    expect(
      await test.admin(
        "select usename from pg_stat_activity where datname = current_database() and usename ~ '^leads_'",
      ),
    ).toEqual([]);
  });
});
