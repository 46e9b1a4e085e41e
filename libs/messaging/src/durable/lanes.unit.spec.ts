import { inLanes } from './lanes.js';

describe('lanes', () => {
  it('work on as many items at once as there are lanes, in their order, and on each once', async () => {
    const begun: number[] = [];
    let [atWork, most] = [0, 0];
    await inLanes([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
      begun.push(item);
      most = Math.max(most, ++atWork);
      await new Promise((resolve) => setTimeout(resolve, 1));
      atWork -= 1;
    });
    expect(begun).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(most).toBe(3);
  });

  it('go on beside one that is held up', async () => {
    const done: number[] = [];
    let free = (): void => undefined;
    const held = new Promise<void>((resolve) => (free = resolve));
    await inLanes([0, 1, 2, 3], 2, async (item) => {
      if (item === 0) await held;
      done.push(item);
      if (item === 3) free();
    });
    expect(done).toEqual([1, 2, 3, 0]);
  });

  it('do nothing where there is nothing, and tell what failed', async () => {
    await inLanes([], 4, () => Promise.reject(new Error('never')));
    await expect(inLanes([1], 4, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  });
});
