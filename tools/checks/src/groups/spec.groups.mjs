import { globSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { SLOW } from '../slow.first.sequencer.mjs';

/** Spec files that one process loads the frameworks for once: of more, the last ones would be waited for alone. */
const TOGETHER = 5;

/**
 * Which spec files run behind each other with the same modules. Those of one project belong together, because they load
 * the same ones; what takes long by itself stays alone. The longest come first, as far as their size tells.
 *
 * @param {readonly { path: string, size: number }[]} files paths from the root, with `/`
 * @returns {string[][]} every file in one group
 */
export function groupsOf(files) {
  const slow = ({ path }) => SLOW.findIndex((name) => path.endsWith(`/${name}.spec.ts`));
  const alone = files.filter((file) => slow(file) >= 0).toSorted((one, other) => slow(one) - slow(other));
  const projects = Map.groupBy(
    files.filter((file) => slow(file) < 0),
    ({ path }) => path.split('/', 2).join('/'),
  );
  const groups = [...projects.values()].flatMap((members) => {
    const count = Math.ceil(members.length / TOGETHER);
    const largestFirst = members.toSorted((one, other) => other.size - one.size);
    // In turn, so that each has large ones and small ones.
    return Array.from({ length: count }, (_, nth) => largestFirst.filter((_file, at) => at % count === nth));
  });
  const size = (group) => group.reduce((total, file) => total + file.size, 0);
  return [...alone.map((file) => [file]), ...groups.toSorted((one, other) => size(other) - size(one))].map((group) =>
    group.map(({ path }) => path),
  );
}

/**
 * Writes a file for each group of a tier's specs, which does nothing but load them; what was there before is gone.
 *
 * @param {string} root of the repository
 * @param {string} tier the middle suffix
 * @param {string} folder where to, for this tier alone
 */
export function writeGroups(root, tier, folder) {
  const files = globSync(`{apps,libs,tools}/*/src/**/*.${tier}.spec.{ts,js,mjs}`, { cwd: root })
    .map((path) => path.replaceAll('\\', '/'))
    .toSorted()
    .map((path) => ({ path, size: statSync(join(root, path)).size }));
  mkdirSync(folder, { recursive: true });
  const upwards = relative(folder, root).replaceAll('\\', '/');
  const written = groupsOf(files).map((group, nth) => {
    const name = `${String(nth).padStart(3, '0')}.${group[0]?.split('/', 2).join('.')}.spec.mjs`;
    writeFileSync(join(folder, name), group.map((path) => `import '${upwards}/${path}';\n`).join(''));
    return name;
  });
  for (const left of readdirSync(folder)) if (!written.includes(left)) rmSync(join(folder, left));
}
