import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { changesAt } from './mutant.kinds.mjs';

/**
 * @typedef {object} Mutant one source with one change
 * @property {number} id its place among those of the library, of these sources
 * @property {string} file relative to the root
 * @property {number} line
 * @property {string} key what tells it from every other one, also of other releases
 * @property {string} name what is changed where, in words that stay the same while other lines change
 * @property {number} from where the changed text begins
 * @property {number} to where it ends
 * @property {string} text what stands there instead
 * @property {number} probeFrom where the expression begins by whose evaluation the place is reached
 * @property {number} probeTo where that ends
 * @property {string} [probePrefix] what a probe needs in front, where a property is named by its value alone
 */

/** Letters of a text that a name shows of it. */
const SHOWN = 60;

/**
 * Every mutant of a library, always in the same order.
 *
 * @param {string} root
 * @param {string} library its folder
 * @returns {Mutant[]}
 */
export function mutantsOf(root, library) {
  return sourcesOf(root, library)
    .flatMap((file) => mutantsIn(file, readFileSync(join(root, file), 'utf8')))
    .map((mutant, id) => ({ ...mutant, id }));
}

/** Several places of a file may look the same: they are counted. @param {Omit<Mutant, 'id' | 'key'>[]} mutants */
function withKeys(mutants) {
  const same = new Map();
  return mutants.map((mutant) => {
    const nth = (same.get(mutant.name) ?? 0) + 1;
    same.set(mutant.name, nth);
    return { ...mutant, key: `${mutant.file} ${mutant.name} #${nth}` };
  });
}

/** @param {string} root @param {string} library @returns {string[]} the files that specs are for, in a fixed order */
export function sourcesOf(root, library) {
  return globSync(`${library}/src/**/*.ts`, { cwd: root })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => !/\.(spec|d)\.ts$/.test(path))
    .toSorted();
}

/** @param {string} file @param {string} text @returns {Omit<Mutant, 'id'>[]} */
export function mutantsIn(file, text) {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  /** @type {Omit<Mutant, 'id' | 'key'>[]} */
  const found = [];
  const seen = new Set();
  const visit = (/** @type {ts.Node} */ node, /** @type {string} */ place) => {
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node) || ts.isInterfaceDeclaration(node)) return;
    const inside = placeOf(node, source) ?? place;
    for (const { node: probe, kind, text: becomes, whole = probe } of changesAt(node, source)) {
      const [from, to] = [whole.getStart(source), endOf(whole, text)];
      const change = `${from} ${to} ${becomes}`;
      if (seen.has(change)) continue;
      seen.add(change);
      found.push({
        file,
        line: source.getLineAndCharacterOfPosition(from).line + 1,
        name: `${inside}: ${kind}: ${described(text.slice(from, to), becomes)}`,
        from,
        to,
        text: becomes,
        probeFrom: evaluated(probe).getStart(source),
        probeTo: evaluated(probe).getEnd(),
        ...(ts.isShorthandPropertyAssignment(whole) && { probePrefix: `${whole.name.text}: ` }),
      });
    }
    ts.forEachChild(node, (child) => visit(child, inside));
  };
  ts.forEachChild(source, (statement) => visit(statement, 'module'));
  return withKeys(found);
}

/** A chain that ends where something is missing is evaluated as a whole. @param {ts.Node} node */
function evaluated(node) {
  let whole = node;
  while (ts.isOptionalChain(whole.parent) && whole.parent.expression === whole) whole = whole.parent;
  return whole;
}

/** A property goes with its comma. @param {ts.Node} node @param {string} text */
function endOf(node, text) {
  const end = node.getEnd();
  return ts.isObjectLiteralElement(node) && text[end] === ',' ? end + 1 : end;
}

/** What a reader calls the place: the nearest thing with a name. @param {ts.Node} node @param {ts.SourceFile} source */
function placeOf(node, source) {
  const isNamed =
    ts.isFunctionDeclaration(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isClassDeclaration(node) ||
    ts.isGetAccessor(node) ||
    (ts.isVariableDeclaration(node) && node.parent.parent.parent === source) ||
    ts.isPropertyDeclaration(node);
  if (ts.isConstructorDeclaration(node)) return 'constructor';
  return isNamed ? node.name?.getText(source) : undefined;
}

/** @param {string} was @param {string} becomes */
function described(was, becomes) {
  const [before, after] = [was, becomes].map((text) => text.replace(/\s+/g, ' ').trim());
  let same = 0;
  while (same < Math.min(before.length, after.length) && before[same] === after[same]) same++;
  // Of a long text, what is around the change.
  const from = before.length > SHOWN ? Math.max(0, same - SHOWN / 3) : 0;
  const cut = (/** @type {string} */ text) =>
    `${from > 0 ? '…' : ''}${text.slice(from, from + SHOWN)}${text.length > from + SHOWN ? '…' : ''}`;
  return after === '' || after === ';' ? `without ${cut(before)}` : `${cut(before)} → ${cut(after)}`;
}

/** @param {string} source @param {Pick<Mutant, 'from' | 'to' | 'text'>} mutant */
export function mutated(source, { from, to, text }) {
  return source.slice(0, from) + text + source.slice(to);
}

/**
 * A source that tells which of its mutants' places are reached, and otherwise does what it does.
 *
 * @param {string} source
 * @param {readonly Mutant[]} mutants of this file
 */
export function probed(source, mutants) {
  const probes = Map.groupBy(mutants, ({ probeFrom, probeTo }) => `${probeFrom} ${probeTo}`);
  const marks = [...probes.values()].flatMap((same) => {
    const [{ probeFrom, probeTo, probePrefix = '' }] = same;
    const ids = same.map(({ id }) => id).join(', ');
    return [
      { at: probeFrom, opens: true, other: probeTo, text: `${probePrefix}(globalThis.apolloReached?.(${ids}), ` },
      { at: probeTo, opens: false, other: probeFrom, text: ')' },
    ];
  });
  // At one place, what ends there ends first; of what begins there, the longest is around the others.
  marks.sort((a, b) => a.at - b.at || Number(a.opens) - Number(b.opens) || b.other - a.other);
  let [text, done] = ['', 0];
  for (const { at, text: mark } of marks) {
    text += source.slice(done, at) + mark;
    done = at;
  }
  return text + source.slice(done);
}

/**
 * What goes before a source that tells what is reached, for processes in which nobody hears it: they write each place
 * down once.
 *
 * @param {string} file where, a line for each id
 */
export function writingDown(file) {
  const write = `process.getBuiltinModule('node:fs').appendFileSync(${JSON.stringify(file)}, fresh.join('\\n') + '\\n')`;
  return `globalThis.apolloReached ??= ((seen) => (...ids) => {
  const fresh = ids.filter((id) => !seen.has(id));
  for (const id of fresh) seen.add(id);
  if (fresh.length > 0) ${write};
})(new Set());
`;
}
