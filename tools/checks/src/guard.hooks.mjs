import { BEFORE_ALL } from './guard.verdict.mjs';

/**
 * Jest runs this before each spec of a guard. A failed `beforeAll` is reported as a failure of every test behind it, as
 * if their own expectations had not been met; here it says what it is.
 */
const { beforeAll } = globalThis;
globalThis.beforeAll = (hook, timeout) =>
  beforeAll(async () => {
    try {
      await hook();
    } catch (error) {
      throw new Error(`${BEFORE_ALL}: ${error instanceof Error ? error.message : error}`);
    }
  }, timeout);
