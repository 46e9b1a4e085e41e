/**
 * Where specs run while mutants are tried: notes which places a spec file reaches, if it is asked to, and runs no more
 * of its tests once one has failed.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { TestEnvironment } from 'jest-environment-node';

export default class MutantEnvironment extends TestEnvironment {
  /** Ids of the places. @type {Set<number>} */
  reached = new Set();
  hasFailed = false;

  constructor(config, context) {
    super(config, context);
    const { rootDir, testEnvironmentOptions } = config.projectConfig;
    this.spec = relative(rootDir, context.testPath);
    this.folder = testEnvironmentOptions.reachedFolder;
    if (this.folder)
      this.global.apolloReached = (...ids) => {
        for (const id of ids) this.reached.add(id);
      };
  }

  handleTestEvent(event) {
    // What failed before it began, by a hook, is no test that was left out: it would not count as failed any more.
    if (event.name === 'test_start' && this.hasFailed && !this.folder && event.test.errors.length === 0)
      event.test.mode = 'skip';
    if (event.name === 'hook_failure' || (event.name === 'test_done' && event.test.errors.length > 0))
      this.hasFailed = true;
  }

  async teardown() {
    if (this.folder) {
      mkdirSync(this.folder, { recursive: true });
      const name = createHash('sha256').update(this.spec).digest('hex').slice(0, 16);
      writeFileSync(join(this.folder, `${name}.json`), JSON.stringify({ spec: this.spec, places: [...this.reached] }));
    }
    await super.teardown();
  }
}
