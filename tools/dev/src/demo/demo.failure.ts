/** The demo did not show what it must show; its message is the one line to read. */
export class DemoFailure extends Error {
  override readonly name = 'DemoFailure';
}

/** Fails the demo with a line unless the condition holds. */
export function must(condition: boolean, line: string): asserts condition {
  if (!condition) throw new DemoFailure(line);
}
