import { basename, dirname } from 'node:path/posix';
import { ROLES } from './file.roles.mjs';

/** Folders below the `src` of an app, library or tool, one in the other. */
const DEEPEST = 2;

/** Columns of a line of SQL. */
const COLUMNS = 120;

/** Names that say nothing of what is inside. */
const NAMELESS = new Set(['common', 'helper', 'helpers', 'misc', 'shared', 'stuff', 'util', 'utils']);

/** Lines of a README: half a page of text, and a table of its folders. */
const README_LINES = 45;

/** Columns by which a line of SQL stands further in than the one around it. */
const STEP = 2;

const word = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

/**
 * @param {string} path of a source or spec, relative to the workspace: `apps/orgs/src/members/member.rules.ts`
 * @returns {string[]} what of its name and place is not as `CONTRIBUTING.md` has it, a sentence each
 */
export function nameProblems(path) {
  const [inside = ''] = path.split('/src/').slice(1);
  const folders = dirname(inside) === '.' ? [] : dirname(inside).split('/');
  const isSpec = /\.spec\.[a-z]+$/.test(path);
  const words = basename(path)
    .replace(/(?:\.(?:unit|int|e2e))?(?:\.spec|\.d)?\.[a-z]+$/, '')
    .split('.');
  const role = words.length > 1 ? words.at(-1) : undefined;
  const nameless = [...folders, words.length > 1 ? role : words[0]].find((name) => NAMELESS.has(name ?? ''));
  return [
    ...(folders.length > DEEPEST ? [`${path}: lies more than ${DEEPEST} folders below src`] : []),
    ...(nameless ? [`${path}: "${nameless}" says nothing of what is inside`] : []),
    ...([...folders, ...words].every((each) => word.test(each)) ? [] : [`${path}: is not lowercase words and dots`]),
    ...(role && !nameless && !isSpec && !path.endsWith('.d.ts') && !ROLES.has(role)
      ? [`${path}: "${role}" is no role of file.roles.mjs`]
      : []),
  ];
}

/**
 * @param {string} project its folder: `apps/orgs`
 * @param {string} text of its README.md
 * @returns {string[]} what is missing in it, a sentence each
 */
export function readmeProblems(project, text) {
  const says = (/** @type {RegExp} */ form, /** @type {string} */ what) =>
    form.test(text) ? [] : [`${project}: ${what}`];
  return [
    ...says(new RegExp(`^# ${basename(project)}\n\n\\S`), 'does not begin with its name and what it owns'),
    ...says(/\b[Ii]t must never\b/, 'does not say what it must never do'),
    ...says(/\bStart at\b/, 'does not say where to start'),
    ...(text.split('\n').length > README_LINES ? [`${project}: is longer than ${README_LINES} lines`] : []),
  ];
}

/**
 * @param {string} path of a file of SQL
 * @param {string} text
 * @returns {string[]} a sentence for the first line that is not a whole number of steps in, or more than one further
 *   than the one before it
 */
function indentationProblems(path, text) {
  const depths = text.split('\n').map((line) => line.search(/\S/));
  let before = 0;
  for (const [index, depth] of depths.entries()) {
    if (depth < 0) continue;
    if (depth % STEP !== 0 || depth > before + STEP) return [`${path}: line ${index + 1} is not indented by ${STEP}`];
    before = depth;
  }
  return [];
}

/**
 * @param {string} path of a database function's file, relative to the workspace: `apps/orgs/functions/orgs/stands.sql`
 * @param {string} text
 * @returns {string[]} what of its place and form is not as `docs/how-to.md` has it, a sentence each
 */
export function functionProblems(path, text) {
  const folders = dirname(path.split('/functions/').slice(1).join('/'));
  const named = basename(path, '.sql');
  const made = [...text.matchAll(/^create or replace function \w+\.(\w+)\(/gm)].map(([, name]) => name);
  // A text, a name, a comment: what is written there keeps its case.
  const code = text.replaceAll(/'(?:[^']|'')*'|"[^"]*"|--[^\n]*/g, '');
  const says = (/** @type {RegExp} */ form, /** @type {string} */ what) =>
    form.test(text) ? [] : [`${path}: ${what}`];
  return [
    ...(folders.split('/').length > DEEPEST ? [`${path}: lies more than ${DEEPEST} folders below functions`] : []),
    ...(made.length === 1 ? [] : [`${path}: creates ${made.length} functions`]),
    // A file of these stands for the function of each table of a kind.
    ...(made[0] === named || made[0] === 'delete_some_table' ? [] : [`${path}: creates ${made[0]}`]),
    ...says(/^comment on function /m, 'does not say what its function is for'),
    ...says(/^revoke all on function \S+ from public;$/m, 'leaves its function to everybody'),
    ...(text.split('\n').some((line) => line.length > COLUMNS)
      ? [`${path}: has lines of more than ${COLUMNS} columns`]
      : []),
    ...(/[ \t]$|\t|\n\n\n/m.test(text) || !text.endsWith('\n') ? [`${path}: has blanks that nobody sees`] : []),
    ...indentationProblems(path, text),
    ...(/\b[A-Z]{2,}\b/.test(code) ? [`${path}: has keywords in capitals`] : []),
  ];
}
