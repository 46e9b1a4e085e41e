import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../../..');
const textOf = (/** @type {string} */ file) => readFileSync(join(ROOT, file), 'utf8');

/** The one list: what runs, and what it needs. */
const listed = [
  ...textOf('tools/operate/src/services/service.catalog.ts').matchAll(/\{ name: '([a-z-]+)', database: (\w+)/g),
];
const services = listed.map(([, name]) => String(name));
const withDatabase = listed.filter(([, , database]) => database === 'true').map(([, name]) => String(name));

/** What has to be there for a service of that name, by the file that says so. */
const places = {
  'tsconfig.json': (/** @type {string} */ name) => [`"path": "apps/${name}"`],
  'libs/contracts/src/message/contract.ts': (/** @type {string} */ name) => [`'${name}'`],
  'docker-compose.yml': (/** @type {string} */ name) => [
    `\n  ${name}:\n    <<: *service`,
    `\n  ${name}-secrets:`,
    `${name}-secrets:/volumes/${name}\n`,
    ...(withDatabase.includes(name)
      ? [`\n  prepare-${name}:`, `\n  migrate-${name}:`, `${name}-deploy-secrets:/volumes/${name}-deploy\n`]
      : []),
  ],
};

/** What a place lacks. @param {string} text @param {readonly string[]} wanted */
const missing = (text, wanted) => wanted.filter((each) => !text.includes(each));

describe('the list of services', () => {
  it('names every app there is, and no other', () => {
    const apps = readdirSync(join(ROOT, 'apps')).filter((name) => existsSync(join(ROOT, 'apps', name, 'package.json')));
    const tagged = apps.filter((name) => JSON.parse(textOf(`apps/${name}/package.json`)).nx.tags.includes('type:app'));
    expect([...services].sort()).toEqual(tagged.sort());
  });

  it.each(services.flatMap((name) => Object.keys(places).map((file) => [name, file])))('has %s in %s', (name, file) => {
    expect(missing(textOf(file), places[file](name))).toEqual([]);
  });

  it('would miss one that a place does not know', () => {
    for (const [file, wanted] of Object.entries(places))
      expect(missing(textOf(file), wanted('nobody-has-this-name')).length).toBeGreaterThan(0);
  });

  it.each(withDatabase)('has the programs of %s that its image brings', (name) => {
    expect(
      ['main', 'migrate', 'schema.write'].filter((each) => !existsSync(join(ROOT, `apps/${name}/src/${each}.ts`))),
    ).toEqual([]);
  });
});
