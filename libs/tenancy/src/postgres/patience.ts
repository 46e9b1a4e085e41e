/** Steps of a wait. */
const STEPS = 8;

/**
 * Calls `late` once `ms` milliseconds have passed, in steps: what has arrived while the process stood still is seen
 * between two of them. A single timer would be the first thing that such a process looks at.
 *
 * @returns ends the wait
 */
export function patience(ms: number, late: () => void): () => void {
  let left = STEPS;
  const step = (): void => {
    left -= 1;
    if (left === 0) late();
    else timer = setTimeout(step, ms / STEPS);
  };
  let timer = setTimeout(step, ms / STEPS);
  return () => clearTimeout(timer);
}
