import { newId, runInTenantContext } from '@apollo/tenancy';
import { WalletLane } from './wallet.lane.js';

const inOrg = <T>(orgId: string, fn: () => T): T =>
  runInTenantContext({ scope: 'org', orgId, actor: 'system:agents', role: 'system', requestId: 'r' }, fn);

/** Work that ends when it is told to. */
class Works {
  readonly begun: string[] = [];
  private readonly ends = new Map<string, (error?: Error) => void>();
  readonly make = (name: string) => (): Promise<string> => {
    this.begun.push(name);
    return new Promise((resolve, reject) => this.ends.set(name, (error) => (error ? reject(error) : resolve(name))));
  };
  async end(name: string, error?: Error): Promise<void> {
    this.ends.get(name)?.(error);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('the lane of a wallet', () => {
  const [a, b] = [newId(), newId()];

  it('lets three through at once, the others in the order they came, also after one that failed', async () => {
    const [lane, works] = [new WalletLane(), new Works()];
    const all = ['1', '2', '3', '4', '5'].map((name) =>
      inOrg(a, () => lane.run(works.make(name))).catch((error: Error) => error.message),
    );
    expect(works.begun).toEqual(['1', '2', '3']);
    await works.end('2', new Error('refused'));
    expect(works.begun).toEqual(['1', '2', '3', '4']);
    for (const name of ['1', '3', '4', '5']) await works.end(name);
    expect(await Promise.all(all)).toEqual(['1', 'refused', '3', '4', '5']);
  });

  it('is another one for another organization', async () => {
    const [lane, works] = [new WalletLane(), new Works()];
    const all = ['1', '2', '3', '4'].map((name) => inOrg(a, () => lane.run(works.make(name))));
    const other = inOrg(b, () => lane.run(works.make('b')));
    expect(works.begun).toEqual(['1', '2', '3', 'b']);
    for (const name of ['b', '1', '2', '3', '4']) await works.end(name);
    expect([await other, ...(await Promise.all(all))]).toEqual(['b', '1', '2', '3', '4']);
  });

  it('keeps nothing of an organization for which nobody waits', async () => {
    const [lane, works] = [new WalletLane(), new Works()];
    const done = inOrg(a, () => lane.run(works.make('1')));
    await works.end('1');
    await done;
    expect((lane as unknown as { lanes: Map<string, unknown> }).lanes.size).toBe(0);
  });
});
