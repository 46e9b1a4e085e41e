import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROLES } from './file.roles.mjs';
import { nameProblems, readmeProblems } from './file.style.mjs';

const ROOT = join(import.meta.dirname, '../../..');

const sources = ['apps', 'libs', 'tools'].flatMap((room) =>
  readdirSync(join(ROOT, room), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => {
      const folder = `${room}/${name}/src`;
      return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`);
    })
    .filter((path) => /\.ts$/.test(path)),
);

/** Asks ESLint itself, in a process of its own: Jest's module registry is no place for it to load its config in. */
function rulesBrokenBy(texts) {
  const script = `
    import { ESLint } from 'eslint';
    const eslint = new ESLint();
    const broken = {};
    for (const [name, text] of Object.entries(${JSON.stringify(texts)})) {
      const [{ messages }] = await eslint.lintText(text, { filePath: 'tools/checks/src/made.up.mjs' });
      broken[name] = messages.map(({ ruleId }) => ruleId);
    }
    console.log(JSON.stringify(broken));
  `;
  const options = { cwd: ROOT, encoding: 'utf8' };
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '--eval', script], options));
}

describe('names of files', () => {
  it('are found', () => {
    expect(sources.length).toBeGreaterThan(900);
  });

  it('say by a known role what is inside, at most two folders deep', () => {
    expect(sources.flatMap(nameProblems)).toEqual([]);
  });

  it('use every role there is', () => {
    const used = new Set(sources.map((path) => /\.([a-z-]+)\.ts$/.exec(path)?.[1]));
    expect([...ROLES].filter((role) => !used.has(role))).toEqual([]);
  });

  it.each([
    ['apps/orgs/src/members/member.desk.ts', 'is no role'],
    ['apps/orgs/src/members/roles/of/member.rules.ts', 'more than 2 folders'],
    ['apps/orgs/src/utils/member.rules.ts', 'says nothing'],
    ['apps/orgs/src/members/member.helpers.ts', 'says nothing'],
    ['apps/orgs/src/members/common.ts', 'says nothing'],
    ['apps/orgs/src/members/memberRules.ts', 'lowercase'],
  ])('are refused where they are %s', (path, problem) => {
    expect(nameProblems(path)).toEqual([expect.stringContaining(problem)]);
  });

  it.each(['apps/orgs/src/main.ts', 'libs/work/src/a/b/job.runner.ts', 'apps/leads/src/any.subject.unit.spec.ts'])(
    'may be %s',
    (path) => {
      expect(nameProblems(path)).toEqual([]);
    },
  );
});

describe('a README', () => {
  const sound = '# orgs\n\nOrganizations.\n\nIt must never guess.\n\nStart at `a.ts`.\n';

  it('says what its project owns, what it must never do and where to start, on half a page', () => {
    expect(readmeProblems('apps/orgs', sound)).toEqual([]);
  });

  it.each([
    ['another name', sound.replace('# orgs', '# org'), 'begin with its name'],
    ['no bounds', sound.replace('It must never guess.', ''), 'must never do'],
    ['no beginning', sound.replace('Start at', 'See'), 'where to start'],
    ['many words', `${sound}${'more\n'.repeat(50)}`, 'longer than'],
  ])('is refused with %s', (_, text, problem) => {
    expect(readmeProblems('apps/orgs', text)).toEqual([expect.stringContaining(problem)]);
  });
});

describe('the linter', () => {
  it('refuses long files and lines, crowded classes and private metaphors', () => {
    const six = 'one, two, three, four, five, six';
    expect(
      rulesBrokenBy({
        sound: 'export class Sound {\n  constructor(one, two, three, four, five) {}\n}\n',
        file: 'export {};\n'.repeat(301),
        line: `export const sum = ${'1 + '.repeat(26)}1; // ${'word '.repeat(2)}\n`,
        class: `export class Crowded {\n  constructor(${six}) {}\n}\n`,
        name: 'export class PaymentDoor {}\n',
        fieldOfName: 'export const digit = 1;\nexport const outdoor = 2;\n',
      }),
    ).toEqual({
      sound: [],
      file: ['max-lines'],
      line: ['max-len'],
      class: ['no-restricted-syntax'],
      name: ['id-match'],
      fieldOfName: [],
    });
  });
});
