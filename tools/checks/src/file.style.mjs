import { basename, dirname } from 'node:path/posix';
import { ROLES } from './file.roles.mjs';

/** Folders below the `src` of an app, library or tool, one in the other. */
const DEEPEST = 2;

/** Names that say nothing of what is inside. */
const NAMELESS = new Set(['common', 'helper', 'helpers', 'misc', 'shared', 'stuff', 'util', 'utils']);

/** Lines of a README: half a page of text, and a table of its folders. */
const README_LINES = 45;

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
