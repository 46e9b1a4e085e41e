import { spawn } from 'node:child_process';
import { join } from 'node:path';

const PROGRAM = join(import.meta.dirname, '../../dist/faults/soak.js');
/** The machine that checks is slow and does other things meanwhile; `npm run soak` by itself asks for ten seconds. */
const WELL_WITHIN = '45';

/** Runs the soak to its end; gives its exit code and what it said. */
async function soak(...args: string[]): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, said };
}

describe('the platform among faults', () => {
  it('keeps every promise while its services and servers are killed, cut off and made to forget', async () => {
    const { code, said } = await soak(
      '--seconds',
      '24',
      '--seed',
      '1',
      '--well-within',
      WELL_WITHIN,
      'kill -9 billing-stars after commit',
      'kill -9 orgs before publish',
      'emptied',
    );
    if (code !== 0) throw new Error(said);
    expect(said).toContain('every promise was kept');
    expect(said).toMatch(/[1-9]\d* looks at the ledger equations/);
  }, 170_000);
});
