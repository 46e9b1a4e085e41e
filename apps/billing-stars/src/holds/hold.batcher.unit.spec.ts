import { currentTenant, newId, runInTenantContext } from '@apollo/tenancy';
import pg from 'pg';
import { MAX_BATCH } from './batch.rules.js';
import { HoldBatcher } from './hold.batcher.js';
import type { HoldAnswer, HoldCommand } from './hold.commands.js';
import type { HoldRepository } from './hold.repository.js';

const inOrg = <T>(orgId: string, fn: () => T, actor = 'system:agents', requestId = newId()): T =>
  runInTenantContext({ scope: 'org', orgId, actor, role: 'system', requestId }, fn);
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

interface Batch {
  readonly names: string[];
  readonly orgId: string | null;
  readonly actor: string;
  end(error?: unknown): Promise<void>;
}

/** A database that decides when it is told to; a command's hold is its name, and its answer's. */
class Decisions {
  readonly batches: Batch[] = [];
  readonly batcher = new HoldBatcher({ decide: (commands) => this.decide(commands) } as HoldRepository);

  private decide(commands: readonly HoldCommand[]): Promise<HoldAnswer[]> {
    const names = commands.map((command) => (command.kind === 'reserve' ? command.key : command.hold));
    const { orgId, actor } = currentTenant();
    return new Promise((resolve, reject) => {
      const end = async (error?: unknown): Promise<void> => {
        if (error) reject(error as Error);
        else resolve(names.map((hold_id) => ({ hold_id }) as HoldAnswer));
        await turn();
        await turn();
      };
      this.batches.push({ names, orgId, actor, end });
    });
  }

  get names(): string[][] {
    return this.batches.map(({ names }) => names);
  }

  release(name: string): Promise<string> {
    return this.batcher.release(name).then(
      (answer) => (answer as { hold_id: string }).hold_id,
      (error: { code?: string }) => error.code ?? String(error),
    );
  }
}

const refusal = (code: string): pg.DatabaseError =>
  Object.assign(new pg.DatabaseError('refused', 7, 'error'), { code, severity: 'ERROR' });

describe('the commands that meet at a wallet', () => {
  const [a, b] = [newId(), newId()];

  it('are gathered while a batch of it is under way, in the order they came, and answered each with its own', async () => {
    const db = new Decisions();
    const first = inOrg(a, () => [db.release('1'), db.release('2')]);
    await turn();
    const second = inOrg(a, () => ['3', '4', '5'].map((name) => db.release(name)));
    await turn();
    expect(db.names).toEqual([['1', '2']]);
    await db.batches[0]?.end();
    expect(db.names).toEqual([
      ['1', '2'],
      ['3', '4', '5'],
    ]);
    await db.batches[1]?.end();
    expect(await Promise.all([...first, ...second])).toEqual(['1', '2', '3', '4', '5']);
  });

  it('go when one is alone in the same turn of the event loop', async () => {
    const db = new Decisions();
    void inOrg(a, () => db.release('1'));
    await turn();
    expect(db.names).toEqual([['1']]);
  });

  it('never meet those of another organization, nor of another actor, and act for their own', async () => {
    const db = new Decisions();
    const person = newId();
    void inOrg(a, () => db.release('1'));
    void inOrg(b, () => db.release('2'));
    void inOrg(a, () => db.release('3'), person);
    void inOrg(a, () => db.release('4'));
    await turn();
    await db.batches[0]?.end();
    expect(db.batches.map(({ names, orgId, actor }) => [names, orgId, actor])).toEqual([
      [['1', '4'], a, 'system:agents'],
      [['2'], b, 'system:agents'],
      [['3'], a, person],
    ]);
  });

  it('are answered in the context they were asked in', async () => {
    const db = new Decisions();
    const asked = ['r1', 'r2', 'r3'].map((requestId) =>
      inOrg(a, () => db.release('x').then(() => currentTenant().requestId), 'system:agents', requestId),
    );
    const late = turn().then(() =>
      inOrg(a, () => db.release('y').then(() => currentTenant().requestId), 'system:agents', 'r4'),
    );
    await turn();
    await turn();
    await db.batches[0]?.end();
    await db.batches[1]?.end();
    expect(await Promise.all([...asked, late])).toEqual(['r1', 'r2', 'r3', 'r4']);
  });

  it('are at most as many of a kind as one call decides', async () => {
    const db = new Decisions();
    void inOrg(a, () => Array.from({ length: MAX_BATCH + 1 }, (_, n) => db.release(String(n))));
    void inOrg(a, () => db.batcher.settle('one of another kind', 1));
    await turn();
    await db.batches[0]?.end();
    expect(db.names.map((names) => names.length)).toEqual([MAX_BATCH + 1, 1]);
    expect(db.names[1]).toEqual([String(MAX_BATCH)]);
  });

  it('go alone, three at a time, where the database refuses them together: one that is poisoned fails alone', async () => {
    const db = new Decisions();
    const all = inOrg(a, () => ['1', '2', '3', '4'].map((name) => db.release(name)));
    await turn();
    await db.batches[0]?.end(refusal('22021'));
    expect(db.names).toEqual([['1', '2', '3', '4'], ['1'], ['2'], ['3']]);
    await db.batches[2]?.end(refusal('22021'));
    for (const n of [1, 3, 4]) await db.batches[n]?.end();
    expect(await Promise.all(all)).toEqual(['1', '22021', '3', '4']);
    expect(db.names).toHaveLength(5);
  });

  it('all fail where the connection is lost, and are not sent again', async () => {
    const db = new Decisions();
    const all = inOrg(a, () => ['1', '2'].map((name) => db.release(name)));
    await turn();
    await db.batches[0]?.end(Object.assign(new Error('lost'), { code: 'ECONNRESET' }));
    expect(await Promise.all(all)).toEqual(['ECONNRESET', 'ECONNRESET']);
    expect(db.names).toHaveLength(1);
  });

  it('that nobody waits for any more are not sent', async () => {
    const db = new Decisions();
    const { now } = performance;
    void inOrg(a, () => db.release('1'));
    await turn();
    const late = inOrg(a, () => db.release('2'));
    const later = performance.now() + 5_001;
    performance.now = () => later;
    const young = inOrg(a, () => db.release('3'));
    await db.batches[0]?.end();
    await db.batches[1]?.end();
    performance.now = now;
    expect([await late, await young]).toEqual(['service_unavailable', '3']);
    expect(db.names).toEqual([['1'], ['3']]);
  });

  it('leave nothing of an organization for which nobody waits', async () => {
    const db = new Decisions();
    const done = inOrg(a, () => db.release('1'));
    await turn();
    await db.batches[0]?.end();
    await done;
    expect((db.batcher as unknown as { waiting: Map<string, unknown> }).waiting.size).toBe(0);
  });
});
