import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sourcesOf } from './mutant.sources.mjs';

/**
 * What is known of a library's mutants from runs before, so that one may be stopped and gone on with, and a spec that
 * was added is asked about those only that nothing noticed. What was noticed is known until the source or the spec that
 * noticed changes; which specs did not notice, until any source of the library does.
 */
export class MutantJournal {
  /** @param {string} root @param {string} library */
  constructor(root, library) {
    this.root = root;
    this.file = join(root, '.apollo/mutants', `${library.replaceAll('/', '-')}.json`);
    this.sources = digestOf(root, [
      ...sourcesOf(root, library),
      ...globSync(`${library}/functions/**/*.sql`, { cwd: root }).toSorted(),
    ]);
    this.known = existsSync(this.file) ? JSON.parse(readFileSync(this.file, 'utf8')) : { outcomes: {}, reach: {} };
  }

  /**
   * @param {import('./mutant.sources.mjs').Mutant} mutant
   * @returns {import('./mutant.runs.mjs').Outcome | undefined}
   */
  outcomeOf(mutant) {
    const { outcome, state } = this.known.outcomes[mutant.key] ?? {};
    return outcome && state === this.stateOf(mutant, outcome) ? outcome : undefined;
  }

  /** @param {import('./mutant.sources.mjs').Mutant} mutant @param {import('./mutant.runs.mjs').Outcome} outcome */
  note(mutant, outcome) {
    this.known.outcomes[mutant.key] = { outcome, state: this.stateOf(mutant, outcome) };
    this.save();
  }

  /** Which share of the mutants it was asked about a spec has noticed so far, a half where that is not known. */
  shareOf(spec) {
    const outcomes = Object.values(this.known.outcomes).map(({ outcome }) => outcome);
    const noticed = outcomes.filter((each) => each.spec === spec).length;
    const missed = outcomes.filter(({ tried }) => tried && spec in tried).length;
    return (noticed + 1) / (noticed + missed + 2);
  }

  /**
   * What a spec reaches, as long as neither it nor a source has changed.
   *
   * @param {string} spec
   * @returns {import('./mutant.runs.mjs').Reach | undefined}
   */
  reachOf(spec) {
    const { reach, state } = this.known.reach[spec] ?? {};
    return state === `${this.sources} ${digestOf(this.root, [spec])}` ? reach : undefined;
  }

  /** @param {import('./mutant.runs.mjs').Reach} reach */
  noteReach(reach) {
    this.known.reach[reach.spec] = { reach, state: `${this.sources} ${digestOf(this.root, [reach.spec])}` };
    this.save();
  }

  stateOf({ file }, { how, spec }) {
    return how ? digestOf(this.root, spec ? [file, spec] : [file]) : this.sources;
  }

  save() {
    mkdirSync(dirname(this.file), { recursive: true, mode: 0o700 });
    writeFileSync(this.file, JSON.stringify(this.known));
  }
}

/** @param {string} root @param {readonly string[]} files */
export function digestOf(root, files) {
  const hash = createHash('sha256');
  for (const file of files)
    hash.update(`${file}\n`).update(existsSync(join(root, file)) ? readFileSync(join(root, file)) : '');
  return hash.digest('hex').slice(0, 16);
}
