import { confidence } from './mutant.sample.mjs';

/** Of the mutants of a library, what its own specs have to notice. */
const WANTED_SHARE = 0.85;

/**
 * @typedef {import('./mutant.sources.mjs').Mutant} Mutant
 * @typedef {import('./mutant.runs.mjs').Outcome} Outcome
 *
 * What a run has shown.
 *
 * @param {readonly { mutant: Mutant, outcome?: Outcome }[]} drawn
 * @param {readonly Mutant[]} mutants all of the library
 * @param {readonly import('./survivors.list.mjs').Survivor[]} survivors of the library
 * @returns {{ lines: string[], passed: number, failed: number }} lines to print; who passes is noticed or named
 */
export function reportOf(drawn, mutants, survivors) {
  const named = (/** @type {{ file: string, name: string }} */ { file, name }) =>
    survivors.some((each) => each.file === file && each.mutant === name);
  const tried = drawn.filter(({ outcome }) => outcome && outcome.how !== 'invalid');
  const noticed = tried.filter(({ outcome }) => outcome?.how);
  const surviving = tried.filter(({ outcome }) => !outcome?.how).map(({ mutant }) => mutant);
  const unnamed = surviving.filter((mutant) => !named(mutant));
  const hanging = noticed.filter(({ outcome }) => outcome?.how === 'hang');
  const stale = survivors.filter(
    (each) => !mutants.some(({ file, name }) => each.file === file && each.mutant === name),
  );
  const known = noticed.filter(({ mutant }) => named(mutant)).map(({ mutant }) => mutant);
  const untried = drawn.filter(({ outcome }) => !outcome).length;
  const share = noticed.length / Math.max(1, tried.length);
  const [low, high] = confidence(noticed.length, tried.length).map(percent);
  const isTooFew = tried.length > 0 && share < WANTED_SHARE;
  const wanted = isTooFew ? `; wanted are ${percent(WANTED_SHARE)}` : '';
  const interval = `95 %: ${low} to ${high}`;
  const at = (/** @type {Mutant} */ { file, line, name }) => `  ${file}:${line} ${name}`;
  const section = (/** @type {string} */ title, /** @type {string[]} */ lines) =>
    lines.length > 0 ? [`${title}:`, ...lines] : [];
  return {
    lines: [
      ...section('Not noticed', unnamed.map(at)),
      ...section('Not noticed, and named', surviving.filter(named).map(at)),
      ...section(
        'Noticed by hanging',
        hanging.map(({ mutant }) => at(mutant)),
      ),
      ...section('On the list, and noticed all the same', known.map(at)),
      ...section(
        'On the list, and no mutant',
        stale.map(({ file, mutant }) => `  ${file} ${mutant}`),
      ),
      ...(untried > 0 ? [`${untried} are not tried yet: the next run goes on with them.`] : []),
      `${noticed.length} of ${tried.length} tried are noticed: ${percent(share)} (${interval}), of ${mutants.length} mutants${wanted}`,
    ],
    passed: tried.length - unnamed.length,
    failed: unnamed.length + stale.length + known.length + untried + Number(isTooFew),
  };
}

/** @param {number} share */
function percent(share) {
  return `${(100 * share).toFixed(1)} %`;
}
