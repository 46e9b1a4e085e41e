/** Tells a waiting person what happens; a slow step says so when it begins and how long it took when it is done. */
export interface Progress {
  line(text: string): void;
  /** Announces a step; the function it gives ends it. */
  begin(text: string): (result: string) => void;
}

/** Progress as lines of text. */
export function progressTo(print: (line: string) => void): Progress {
  return {
    line: (text) => print(`  ${text}`),
    begin(text) {
      const started = performance.now();
      print(`\u203a ${text}`);
      return (result) => print(`  ${result} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
    },
  };
}
