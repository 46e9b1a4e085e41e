import type { Logger } from 'pino';
import { register } from 'prom-client';
import { denialAlarm } from './denial.alarm.js';

describe('refusals of the database', () => {
  const counted = async (): Promise<number> =>
    (await register.getSingleMetric('apollo_database_denials_total')?.get())?.values[0]?.value ?? 0;

  it('are counted, warned of once a minute, and a burst of them is an error (A71)', async () => {
    const lines: string[] = [];
    let now = 0;
    const logger = { warn: () => lines.push('warn'), error: () => lines.push('error') } as unknown as Logger;
    const before = await counted();
    const refused = denialAlarm(logger, () => now);
    refused();
    expect(lines).toEqual(['warn']);
    for (let more = 0; more < 40; more++) refused();
    expect(lines).toEqual(['warn', 'error']);
    now += 60_000;
    refused();
    expect(lines).toEqual(['warn', 'error', 'warn']);
    expect((await counted()) - before).toBe(42);
  });
});
