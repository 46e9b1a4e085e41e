/**
 * Proves the proofs: removes one guard at a time in a copy of the sources and expects the spec that `docs/tenancy.md`
 * names for it to fail, for the reason it is there for. A spec that passes without its guard, or fails with it, proves
 * nothing, and fails this check.
 *
 *   npm run guards                 every guard
 *   npm run guards -- tag policy   those whose id contains one of the words
 *   npm run guards -- --list       none: prints the ids
 *
 * The last line is always `N passed, N failed`; the exit code is 0 only if something passed and nothing failed.
 */
import { join } from 'node:path';
import { copySources, removeCopy, takeOut } from './guard.copy.mjs';
import { runSoak, runSpec } from './guard.runs.mjs';
import { chooseGuards } from './guard.selection.mjs';
import { judgeBaseline, judgeRemoval, judgeSoak, judgeSoakBaseline } from './guard.verdict.mjs';
import { GUARDS } from './guards.list.mjs';
import { SOAK_GUARDS } from './soak.guards.mjs';

const SHOWN_LINES = 4;
const SHOWN_LETTERS = 140;
const SHOWN_TESTS = 5;
const root = join(import.meta.dirname, '../../..');
const all = [...GUARDS, ...SOAK_GUARDS];
if (process.argv.includes('--list')) {
  console.log(all.map(({ id }) => id).join('\n'));
  process.exit();
}
const { chosen, unknown } = chooseGuards(all, process.argv.slice(2));
for (const { word, near } of unknown)
  console.error(`"${word}" is in no guard's id${near.length > 0 ? `; near are ${near.join(', ')}` : ''}`);
if (unknown.length > 0) {
  console.error(`There are ${all.length} guards: npm run guards -- --list prints their ids.`);
  console.log(`0 passed, ${unknown.length} failed`);
  process.exit(1);
}

/** Ctrl-C reaches the running spec by itself; nothing is begun after it. */
let stopped = false;
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, () => (stopped = true));

const copy = copySources(root);
/** @type {Map<string, ReturnType<typeof runSpec> | ReturnType<typeof runSoak>>} */
const baselines = new Map();

/** The first to ask for a run has it made, the others get the same. */
function once(key, run) {
  if (!baselines.has(key)) baselines.set(key, run());
  return baselines.get(key);
}

/**
 * What is said with the guard in its place: one run of a spec for all the guards that it proves, and one of each soak.
 */
async function baselineOf(guard) {
  if (guard.soak) return judgeSoakBaseline(await once(guard.soak.join(' '), () => runSoak(copy, guard.soak)));
  const tests = [...new Set(chosen.filter(({ spec }) => spec === guard.spec).map(({ test }) => test))];
  return judgeBaseline(guard, await once(guard.spec, () => runSpec(copy, guard.spec, tests)));
}

/** Tries one guard. @returns {Promise<import('./guard.verdict.mjs').Verdict>} */
async function tryWithout(guard) {
  const taken = takeOut(copy, guard);
  if ('problem' in taken) return { ok: false, why: taken.problem, noticed: [] };
  taken.restore();
  const baseline = await baselineOf(guard);
  if (!baseline.ok || stopped) return baseline;
  const again = takeOut(copy, guard);
  try {
    return guard.soak
      ? judgeSoak(await runSoak(copy, guard.soak))
      : judgeRemoval(guard, await runSpec(copy, guard.spec, [guard.test]));
  } finally {
    again.restore();
  }
}

/** @param {string} sign @param {string} text */
function changed(sign, text) {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return [
    ...lines.slice(0, SHOWN_LINES).map((line) => `    ${sign} ${line.trim().slice(0, SHOWN_LETTERS)}`),
    ...(lines.length > SHOWN_LINES ? [`    ${sign} …`] : []),
  ];
}

let passed = 0;
let failed = 0;
try {
  for (const guard of chosen) {
    const { ok, why, noticed } = await tryWithout(guard);
    if (stopped) break;
    console.log(`${ok ? '✓' : '✗'} ${guard.id}${ok ? '' : `: ${why}`}`);
    console.log(
      [
        `    ${guard.file}`,
        ...changed('-', guard.find),
        ...changed('+', guard.replace),
        ...noticed.slice(0, SHOWN_TESTS).map((name) => `    noticed by: ${name}`),
        ...(noticed.length > SHOWN_TESTS ? [`    and by ${noticed.length - SHOWN_TESTS} more`] : []),
      ].join('\n'),
    );
    if (ok) passed++;
    else failed++;
  }
} finally {
  removeCopy(copy);
}
if (stopped) console.error('Stopped before its end.');
console.log(`${passed} passed, ${failed} failed`);
process.exit(!stopped && failed === 0 && passed > 0 ? 0 : 1);
