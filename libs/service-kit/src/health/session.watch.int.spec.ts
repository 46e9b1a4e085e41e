import { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { specimenSchema, testDatabase, type TestDatabase } from '@apollo/testing';
import { ClockError } from '@apollo/tenancy/postgres';
import { pino } from 'pino';
import { register } from 'prom-client';
import { watchSessions } from './session.watch.js';

const { jest } = import.meta;

describe('the watch over what a role may do to its own connections (A75)', () => {
  let test: TestDatabase;
  let unwatch = async (): Promise<void> => undefined;
  const lines: string[] = [];
  const logger = pino({}, new Writable({ write: (line, _, done) => (lines.push(String(line)), done()) }));

  beforeAll(async () => {
    test = await testDatabase(await specimenSchema());
  });
  afterAll(async () => {
    await unwatch();
    await test.drop();
  });

  const gauge = async (): Promise<number | undefined> =>
    (await register.getSingleMetric('apollo_database_session_findings')?.get())?.values[0]?.value;
  const becomes = async (wanted: number): Promise<void> => {
    const patience = Date.now() + 60_000;
    while ((await gauge()) !== wanted && Date.now() < patience) await sleep(10);
    expect(await gauge()).toBe(wanted);
  };

  it('alarms by log line and metric while a default is there that nobody prepared, and names it', async () => {
    // The pool has a connection from before.
    await test.database.ping();
    unwatch = watchSessions(test.database, 'specimen', logger, () => undefined, 20);
    const [here] = await test.admin('select current_database() as name');
    const defaults = `alter role specimen_app in database ${String(here?.['name'])}`;
    await test.admin(`${defaults} set local_preload_libraries = 'not_there'`);
    await becomes(2);
    expect(lines.at(-1)).toContain('specimen_app has a default for local_preload_libraries in this database');
    expect(lines.at(-1)).not.toContain('not_there');
    await test.admin(`${defaults} reset all`);
    await becomes(0);
    const said = lines.length;
    expect(await test.database.sessionFindings('specimen')).toEqual([]);
    expect(lines).toHaveLength(said);
  });

  it.each([-45_000, 3_600_000])('leaves requests to others while its clock is off by %i ms', async (off) => {
    let doubts = 0;
    const watched = watchSessions(test.database, 'specimen', logger, () => (doubts += 1), 20);
    try {
      await test.database.ping();
      await sleep(100);
      expect(doubts).toBe(0);
      const now = Date.now.bind(Date);
      jest.spyOn(Date, 'now').mockImplementation(() => now() + off);
      await expect(test.database.ping()).rejects.toThrow(ClockError);
      await expect(test.database.assertServed()).rejects.toThrow(ClockError);
      while (doubts === 0) await sleep(10);
    } finally {
      jest.restoreAllMocks();
      await watched();
    }
    await test.database.assertServed();
  });
});
