import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SeededNumbers } from '../faults/seeded.numbers.js';
import { SoakJournal } from '../faults/soak.journal.js';
import { HostileRun } from './hostile.run.js';

const ANSWERS = 200;

describe('agents whose model is an attacker that knows every id', () => {
  it('read and write no row of another organization, also of the same person, spend no Star beyond a cap, and go nowhere', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'apollo-hostile-'));
    const journal = new SoakJournal(() => undefined);
    await HostileRun.play({ dir, answers: ANSWERS, numbers: new SeededNumbers(1), journal });
    expect(journal.broken).toEqual([]);
    expect(Object.fromEntries(journal.counted())['answers of the model']).toBeGreaterThanOrEqual(ANSWERS);
    await rm(dir, { recursive: true, force: true });
  }, 240_000);
});
