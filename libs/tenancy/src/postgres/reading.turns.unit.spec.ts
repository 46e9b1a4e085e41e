import { setImmediate as turn } from 'node:timers/promises';
import { takeTurn } from './reading.turns.js';

describe('answers that arrive at once', () => {
  const PIECE = 65_536;
  const stream = (told: string[], name: string) => ({
    pause: () => void told.push(`${name} waits`),
    resume: () => void told.push(`${name} goes on`),
  });

  it('are read a few pieces at a time, each in turn, and others have theirs between', async () => {
    const told: string[] = [];
    const [first, second] = [stream(told, 'first'), stream(told, 'second')];
    for (let piece = 0; piece < 4; piece += 1) takeTurn(first, PIECE);
    expect(told).toEqual([]);
    takeTurn(first, PIECE);
    takeTurn(second, PIECE);
    expect(told).toEqual(['first waits', 'second waits']);
    await turn();
    expect(told.splice(0)).toEqual(['first waits', 'second waits', 'first goes on']);
    await turn();
    expect(told).toEqual(['second goes on']);
  });

  it('wait for nobody where they are small, or come one after the other', async () => {
    const told: string[] = [];
    for (let piece = 0; piece < 1_000; piece += 1) takeTurn(stream(told, 'small'), 1_000);
    for (let piece = 0; piece < 10; piece += 1) {
      takeTurn(stream(told, 'slow'), PIECE);
      await turn();
    }
    expect(told).toEqual([]);
  });
});
