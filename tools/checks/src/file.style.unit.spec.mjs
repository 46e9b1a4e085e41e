import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROLES } from './file.roles.mjs';
import { functionProblems, nameProblems, readmeProblems } from './file.style.mjs';

const ROOT = join(import.meta.dirname, '../../..');

/** Packages, each as its folder. */
const packages = ['apps', 'libs'].flatMap((room) =>
  readdirSync(join(ROOT, room), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `${room}/${name}`),
);

/** The files below a folder of each package that has one. */
const filesIn = (folder) =>
  packages
    .map((project) => `${project}/${folder}`)
    .filter((place) => existsSync(join(ROOT, place)))
    .flatMap((place) =>
      readdirSync(join(ROOT, place), { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.sql'))
        .map((file) => `${place}/${file}`),
    );

/** The last migration of each service of the time when migrations had functions. */
const LAST_WITH_FUNCTIONS = { identity: '0084', orgs: '0086', leads: '0084', 'billing-stars': '0082' };

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

describe('the file of a database function', () => {
  const sound =
    "create or replace function orgs.f()\nas $$ $$;\ncomment on function orgs.f is 'It IS.';\nrevoke all on function orgs.f from public;\n";
  const files = filesIn('functions');

  it('holds one function, of its name, with a comment and its rights, in lines that can be read', () => {
    expect(files.length).toBeGreaterThan(130);
    expect(files.flatMap((path) => functionProblems(path, readFileSync(join(ROOT, path), 'utf8')))).toEqual([]);
    expect(functionProblems('apps/orgs/functions/a/f.sql', sound)).toEqual([]);
  });

  it.each([
    ['too deep', 'apps/orgs/functions/a/b/c/f.sql', sound, 'more than 2 folders'],
    ['of another name', 'apps/orgs/functions/a/g.sql', sound, 'creates f'],
    ['of two functions', 'apps/orgs/functions/a/f.sql', sound + sound, 'creates 2 functions'],
    [
      'without a comment',
      'apps/orgs/functions/a/f.sql',
      sound.replace('comment on', 'comment in'),
      'what its function is for',
    ],
    ['of everybody', 'apps/orgs/functions/a/f.sql', sound.replace('from public', 'from orgs_app'), 'to everybody'],
    ['wide', 'apps/orgs/functions/a/f.sql', sound.replace('It', 'It '.repeat(50)), 'more than 120 columns'],
    ['with a blank at a line’s end', 'apps/orgs/functions/a/f.sql', sound.replace(';', '; '), 'blanks'],
    [
      'indented by three',
      'apps/orgs/functions/a/f.sql',
      sound.replace('$$ $$', '$$\n   select\n$$'),
      'not indented by 2',
    ],
    [
      'indented too far',
      'apps/orgs/functions/a/f.sql',
      sound.replace('$$ $$', '$$\n    select\n$$'),
      'not indented by 2',
    ],
    ['in capitals', 'apps/orgs/functions/a/f.sql', sound.replace('as $$ $$', 'AS $$ $$'), 'capitals'],
  ])('is refused where it is %s', (_, path, text, problem) => {
    expect(functionProblems(path, text)).toEqual([expect.stringContaining(problem)]);
  });

  it('is the one place of it: no migration has functions any more', () => {
    const later = filesIn('migrations').filter((path) => {
      const [, app, , file] = path.split('/');
      return file.slice(0, 4) > (LAST_WITH_FUNCTIONS[app] ?? '');
    });
    const written = later.filter((path) =>
      /create (or replace )?function/i.test(readFileSync(join(ROOT, path), 'utf8')),
    );
    expect(written).toEqual([]);
  });
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
