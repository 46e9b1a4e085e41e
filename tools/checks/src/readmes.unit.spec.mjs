import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readmeProblems } from './file.style.mjs';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const ROOMS = ['apps', 'libs', 'tools'];

const projects = ROOMS.flatMap((room) =>
  readdirSync(join(ROOT, room), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(room, name)),
);
const pages = [ROOT, join(ROOT, 'docs'), join(ROOT, 'docs/adr'), ...projects.map((project) => join(ROOT, project))]
  .flatMap((folder) => readdirSync(folder).map((file) => join(folder, file)))
  .filter((file) => file.endsWith('.md'))
  .map((file) => file.slice(ROOT.length));

/** What a heading is called in an address. */
const anchor = (heading) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-');

/** Links of a page that lead to nothing. @param {string} page */
function dead(page) {
  const text = readFileSync(join(ROOT, page), 'utf8');
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .filter((target) => {
      const [path, part] = target.split('#');
      const file = path ? join(ROOT, dirname(page), path) : join(ROOT, page);
      if (!existsSync(file)) return true;
      if (!part || !file.endsWith('.md')) return false;
      const headings = [...readFileSync(file, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchor(heading));
      return !headings.includes(part);
    });
}

describe('pages of the repository', () => {
  it.each(projects)('say what %s is for, what it must never do and where to start', (project) => {
    expect(readmeProblems(project, readFileSync(join(ROOT, project, 'README.md'), 'utf8'))).toEqual([]);
  });

  it('are found', () => {
    expect(pages.length).toBeGreaterThan(30);
  });

  it.each(pages)('link to what is there: %s', (page) => {
    expect(dead(page)).toEqual([]);
  });
});

describe('the list of decisions', () => {
  it('names each of them, as it names itself, in their order', () => {
    const folder = join(ROOT, 'docs/adr');
    const files = readdirSync(folder).filter((file) => /^\d/.test(file));
    const lines = files.sort().map((file) => {
      const [, number, name] = /^# (\d+)\. (.+)/.exec(readFileSync(join(folder, file), 'utf8')) ?? [];
      return `- ${number}: [${name}](${file})`;
    });
    const listed = readFileSync(join(folder, 'README.md'), 'utf8').split('\n');
    expect(listed.filter((line) => line.startsWith('- '))).toEqual(lines);
  });
});
