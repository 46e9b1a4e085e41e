/**
 * Changes a library at one place at a time, in a copy, and asks whether its own specs notice. What survives is a spec
 * that is missing, or stands on the list of survivors with its reason.
 *
 *   npm run mutants -- libs/work                         100 mutants, drawn by seed 1
 *   npm run mutants -- libs/work --sample 300 --seed 7   as many, by another seed; 0 stands for all
 *   npm run mutants -- libs/work --tier unit             only specs that need no server
 *   npm run mutants -- libs/work --minutes 8             begins none after that; the next run goes on
 *   npm run mutants -- libs/work --list                  tries none: prints what would be tried
 *
 * Outcomes are kept in `.apollo/mutants`. The last line is always `N passed, N failed`; the exit code is 0 only if
 * every drawn mutant was tried and noticed, or is on the list, and enough of them were noticed.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { copySources, removeCopy } from '../guard.copy.mjs';
import { digestOf, MutantJournal } from './mutant.journal.mjs';
import { reportOf } from './mutant.report.mjs';
import { reachOf, specsOf, TIERS, tryMutant } from './mutant.runs.mjs';
import { sampleOf } from './mutant.sample.mjs';
import { mutantsOf, sourcesOf } from './mutant.sources.mjs';
import { SURVIVORS } from './survivors.list.mjs';

/** Mutants that are tried at once: one for each of two cores. */
const AT_ONCE = 2;
const root = join(import.meta.dirname, '../../../..');

/** @param {string} line @returns {never} */
function refuse(line) {
  console.error(line);
  console.log('0 passed, 1 failed');
  return process.exit(2);
}

function wanted() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        sample: { type: 'string', default: '100' },
        seed: { type: 'string', default: '1' },
        tier: { type: 'string' },
        minutes: { type: 'string', default: '1000' },
        list: { type: 'boolean', default: false },
      },
    });
    const [library = '', ...others] = positionals.map((each) => each.replace(/\/+$/, ''));
    if (others.length > 0 || sourcesOf(root, library || 'none').length === 0)
      return refuse('Say which library: npm run mutants -- libs/work');
    const [sample, seed, minutes] = [values.sample, values.seed, values.minutes].map(Number);
    if (![sample, seed, minutes].every((each) => Number.isSafeInteger(each) && each >= 0))
      return refuse('--sample, --seed and --minutes take whole numbers');
    if (values.tier && !TIERS.some((tier) => tier === values.tier)) return refuse(`--tier takes ${TIERS.join(' or ')}`);
    return {
      library,
      sample: sample || Infinity,
      seed,
      minutes,
      list: values.list,
      tiers: TIERS.filter((tier) => !values.tier || tier === values.tier),
    };
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

const { library, sample, seed, minutes, list, tiers } = wanted();
const mutants = mutantsOf(root, library);
const drawn = sampleOf(mutants, sample, seed);
if (list) {
  for (const { file, line, name } of drawn) console.log(`${file}:${line} ${name}`);
  console.log(`${drawn.length} of ${mutants.length} mutants`);
  process.exit();
}

/** Ctrl-C reaches the running specs by itself; nothing is begun after it. */
let isStopped = false;
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
  process.on(signal, () => (isStopped = true));
const end = Date.now() + minutes * 60_000;
const isOver = () => isStopped || Date.now() > end;

const journal = new MutantJournal(root, library);

/** What every spec reaches; those are run of which that is not known. @param {string} copy @param {string} tier */
async function reachedIn(copy, tier) {
  const specs = specsOf(root, library, tier);
  const unknown = specs.filter((spec) => !journal.reachOf(spec));
  if (unknown.length > 0) {
    console.log(`› what ${unknown.length} of the ${tier} specs reach`);
    for (const reach of await reachOf(copy, tier, unknown, mutants)) {
      if (!reach.passes) console.log(`  ${reach.spec} fails without a mutant, and is left out`);
      journal.noteReach(reach);
    }
  }
  return specs.map((spec) => journal.reachOf(spec)).filter((reach) => reach?.passes);
}

/** The spec that is named like the file first, then those that notice most for the time they take. */
function byLikelihood({ file }) {
  const stem = (/** @type {string} */ path) => path.split('/').at(-1).split('.').slice(0, 2).join('.');
  const cost = ({ spec, milliseconds }) => (stem(spec) === stem(file) ? 0 : milliseconds / journal.shareOf(spec));
  return (one, other) => cost(one) - cost(other);
}

/** The specs of a tier that reach a mutant and were not asked about it yet, as they are now. */
function openIn(reach, mutant) {
  const { how, tried = {} } = journal.outcomeOf(mutant) ?? {};
  if (how) return [];
  return reach.filter(({ spec, places }) => places.includes(mutant.id) && tried[spec] !== digestOf(root, [spec]));
}

/** Mutants of which a run has asked what there was to ask, by tier. */
const asked = new Map(tiers.map((tier) => [tier, new Set()]));

/** @param {readonly string[]} copies @param {string} tier */
async function tryTier(copies, tier) {
  const reach = await reachedIn(copies[0], tier);
  const open = drawn
    .map((mutant) => ({ mutant, specs: openIn(reach, mutant) }))
    .filter(({ specs }) => specs.length > 0);
  const total = open.length;
  const done = asked.get(tier);
  for (const mutant of drawn) if (!open.some((each) => each.mutant === mutant)) done.add(mutant);
  await Promise.all(
    copies.map(async (copy) => {
      for (let next = open.shift(); next && !isOver(); next = open.shift()) {
        const { mutant } = next;
        const specs = next.specs.toSorted(byLikelihood(mutant));
        const outcome = await tryMutant(copy, mutant, specs);
        if (isStopped) return;
        tell(mutant, outcome, `${tier} ${total - open.length}/${total}`);
        done.add(mutant);
        const now = Object.fromEntries(specs.map(({ spec }) => [spec, digestOf(root, [spec])]));
        journal.note(mutant, outcome.how ? outcome : { tried: { ...journal.outcomeOf(mutant)?.tried, ...now } });
      }
    }),
  );
}

function tell({ file, line, name }, { how, test, spec, said }, progress) {
  const by = how ? `\n    ${how}: ${test ?? spec ?? said}` : '';
  console.log(`${progress} ${how ? '✓' : '·'} ${file}:${line} ${name}${by}`);
}

/** Undefined while there is anything to be asked. */
function outcomeNow(mutant) {
  const known = journal.outcomeOf(mutant);
  return known?.how || tiers.every((tier) => asked.get(tier).has(mutant)) ? (known ?? {}) : undefined;
}

const copies = [];
try {
  for (let made = 0; made < AT_ONCE; made++) copies.push(copySources(root));
  for (const tier of tiers) if (!isOver()) await tryTier(copies, tier);
} finally {
  copies.forEach(removeCopy);
}
const outcomes = drawn.map((mutant) => ({
  mutant,
  outcome: outcomeNow(mutant),
}));
const { lines, passed, failed } = reportOf(
  outcomes,
  mutants,
  SURVIVORS.filter(({ file }) => file.startsWith(`${library}/`)),
);
console.log(lines.join('\n'));
console.log(`${passed} passed, ${failed} failed`);
process.exit(!isStopped && failed === 0 && passed > 0 ? 0 : 1);
