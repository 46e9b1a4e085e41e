let next: Promise<void> | undefined;

/**
 * Resolves once everything that has arrived by now was looked at. What several requests send then leaves in one write,
 * and a write to a socket is what a request costs most of; alone, a request waits for next to nothing.
 */
export function sendTurn(): Promise<void> {
  return (next ??= new Promise((resolve) =>
    setImmediate(() => {
      next = undefined;
      resolve();
    }),
  ));
}
