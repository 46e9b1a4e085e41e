const kept = Symbol.for('apollo.integration-servers.stop');
const store = globalThis as { [kept]?: () => Promise<void> };

/** Jest loads set-up and tear-down apart from each other; what they share goes through the global object. */
export function keepForTeardown(stop: () => Promise<void>): void {
  store[kept] = stop;
}

/** Jest runs this once after the integration tier. */
export default async function teardown(): Promise<void> {
  await store[kept]?.();
}
