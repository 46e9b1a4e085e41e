import TestSequencer from '@jest/test-sequencer';

/** Groups of specs in the order of their names. */
export default class InOrder extends TestSequencer {
  /** @param {{ path: string }[]} tests */
  sort(tests) {
    return tests.toSorted((one, other) => one.path.localeCompare(other.path));
  }
}
