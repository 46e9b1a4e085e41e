const kept = Symbol.for('apollo.e2e.stop');
const store = globalThis as { [kept]?: () => Promise<void> };

/** Jest loads set-up and tear-down apart from each other; what they share goes through the global object. */
export function keepForTeardown(stop: () => Promise<void>): void {
  store[kept] = stop;
}

/** Jest runs this once after the end-to-end tier. */
export default async function globalTeardown(): Promise<void> {
  await store[kept]?.();
}
