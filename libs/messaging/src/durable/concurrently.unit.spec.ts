import { concurrently } from './concurrently.js';

describe('bounded concurrency', () => {
  it('works on as many items at once as it may, in their order, and on each once', async () => {
    const begun: number[] = [];
    let [atWork, most] = [0, 0];
    await concurrently([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
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
    await concurrently([0, 1, 2, 3], 2, async (item) => {
      if (item === 0) await held;
      done.push(item);
      if (item === 3) free();
    });
    expect(done).toEqual([1, 2, 3, 0]);
  });

  it('go on behind what failed, and tell of the first of it in the end', async () => {
    const done: number[] = [];
    const work = concurrently([1, 2, 3, 4, 5], 2, async (item) => {
      if (item < 4) throw new Error(`broken ${item}`);
      done.push(item);
    });
    await expect(work).rejects.toThrow('broken 1');
    expect(done).toEqual([4, 5]);
  });

  it('do nothing where there is nothing', async () => {
    await expect(concurrently([], 4, () => Promise.reject(new Error('never')))).resolves.toBeUndefined();
  });
});
