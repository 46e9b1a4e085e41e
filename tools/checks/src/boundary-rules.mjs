import { isBuiltin } from 'node:module';
import { posix } from 'node:path';

/**
 * The table of who may import whom, by the `type:` tag of each package. What a spec may import beyond it is in the
 * second column: specs may use the test kit, sources may not.
 *
 * @type {Record<string, { sources: readonly string[], specs: readonly string[] }>}
 */
const mayImport = {
  contracts: { sources: [], specs: [] },
  tenancy: { sources: [], specs: ['servers', 'testing'] },
  messaging: { sources: ['contracts', 'tenancy'], specs: ['servers', 'testing'] },
  'service-kit': { sources: ['contracts', 'messaging', 'tenancy'], specs: ['servers', 'testing'] },
  work: { sources: ['contracts', 'messaging', 'service-kit', 'tenancy'], specs: ['servers', 'testing'] },
  servers: { sources: [], specs: [] },
  testing: { sources: ['contracts', 'messaging', 'servers', 'service-kit', 'tenancy'], specs: [] },
  app: { sources: ['contracts', 'messaging', 'service-kit', 'tenancy', 'work'], specs: ['servers', 'testing', 'tool'] },
  'system-tests': {
    sources: ['contracts', 'messaging', 'servers', 'service-kit', 'tenancy', 'testing', 'tool'],
    specs: [],
  },
  tool: { sources: ['contracts', 'messaging', 'servers', 'service-kit', 'tenancy', 'tool'], specs: ['testing'] },
};

/** The edge has no database: not even the types of one. */
const forbiddenModules = [
  { tag: 'app:gateway', module: '@apollo/tenancy/postgres', why: 'the gateway has no database' },
];

/**
 * @param {import('./workspace-graph.mjs').Workspace} workspace
 * @returns {string[]} one sentence per violation, in a fixed order
 */
export function boundaryViolations({ projects, rootDevDependencies }) {
  const byName = new Map(projects.map((project) => [project.name, project]));
  return projects.flatMap((project) => [
    ...tagViolations(project),
    ...edgeViolations(project, byName),
    ...project.files.flatMap((file) => fileViolations(project, file, byName, rootDevDependencies)),
    ...unusedDependencies(project, byName),
  ]);
}

/** @typedef {import('./workspace-graph.mjs').Project} Project */

/** @param {Project} project @returns {string | undefined} */
function typeOf(project) {
  return project.tags.find((tag) => tag.startsWith('type:'))?.slice('type:'.length);
}

/** @param {Project} project */
function tagViolations(project) {
  const types = project.tags.filter((tag) => tag.startsWith('type:'));
  if (types.length !== 1) return [`${project.root}/package.json: needs exactly one type: tag, has ${types.length}`];
  const type = typeOf(project) ?? '';
  if (!(type in mayImport)) return [`${project.root}/package.json: type:${type} is not known to the boundaries`];
  if (type === 'app' && !project.tags.includes(`app:${posix.basename(project.root)}`)) {
    return [`${project.root}/package.json: an app is tagged app:${posix.basename(project.root)}`];
  }
  return [];
}

/**
 * What Nx derives from manifests and sources together.
 *
 * @param {Project} project
 * @param {Map<string, Project>} byName
 */
function edgeViolations(project, byName) {
  return project.dependsOn.flatMap((name) => {
    const target = byName.get(name);
    return target && !allows(project, target, true)
      ? [`${project.root}: depends on ${name}, which ${describe(project)} may not`]
      : [];
  });
}

/**
 * @param {Project} project
 * @param {import('./source-imports.mjs').SourceFile} file
 * @param {Map<string, Project>} byName
 * @param {readonly string[]} rootDevDependencies
 */
function fileViolations(project, file, byName, rootDevDependencies) {
  const { dependencies = {}, devDependencies = {} } = project.manifest;
  // A tool never ships, so what only its own development needs is no different for it.
  const mayUseDev = file.isSpec || typeOf(project) === 'tool' || typeOf(project) === 'system-tests';
  return file.imports.flatMap((specifier) => {
    const at = (/** @type {string} */ text) => [`${file.path}: ${text}`];
    if (specifier.startsWith('/') || specifier.startsWith('file:')) return at(`'${specifier}' is an absolute path`);
    if (specifier.startsWith('.')) {
      const reached = posix.join(posix.dirname(file.path), specifier);
      const inside = reached.startsWith(`${project.root}/`) && !reached.includes('/node_modules/');
      return inside ? [] : at(`'${specifier}' leaves the package; import it by its name`);
    }
    if (isBuiltin(specifier)) return [];

    const name = packageName(specifier);
    const target = byName.get(name);
    const found = [];
    if (target && target !== project && !allows(project, target, file.isSpec))
      found.push(`${describe(project)} may not import ${name}`);
    if (target && target !== project && !isExported(target, specifier, name))
      found.push(`'${specifier}' is not exported by ${name}`);
    for (const { tag, module, why } of forbiddenModules) {
      if (project.tags.includes(tag) && (specifier === module || specifier.startsWith(`${module}/`)))
        found.push(`'${specifier}': ${why}`);
    }
    // The test kit is there for every spec, as Jest is. Declared by what it tests, it would close a circle.
    const shared = rootDevDependencies.includes(name) || (target !== undefined && allows(project, target, true));
    const declared = name in dependencies || (mayUseDev && name in devDependencies) || (file.isSpec && shared);
    if (target !== project && !declared) found.push(`'${name}' is not declared in ${project.root}/package.json`);
    return found.flatMap(at);
  });
}

/** @param {Project} from @param {Project} to @param {boolean} inSpec */
function allows(from, to, inSpec) {
  const rule = mayImport[typeOf(from) ?? ''];
  const type = typeOf(to) ?? '';
  return rule !== undefined && (rule.sources.includes(type) || (inSpec && rule.specs.includes(type)));
}

/** @param {Project} project */
function describe(project) {
  return /^[aeiou]/.test(typeOf(project) ?? '')
    ? `an ${typeOf(project)}`
    : `a ${typeOf(project) ?? 'project without a type'}`;
}

/** @param {Project} target @param {string} specifier @param {string} name */
function isExported(target, specifier, name) {
  return `.${specifier.slice(name.length)}` in /** @type {object} */ (target.manifest.exports ?? {});
}

/**
 * A declared package of our own that nobody imports draws an edge that is not there.
 *
 * @param {Project} project
 * @param {Map<string, Project>} byName
 */
function unusedDependencies(project, byName) {
  if (project.files.length === 0) return [];
  const { dependencies = {}, devDependencies = {} } = project.manifest;
  const used = (/** @type {boolean} */ specsToo) =>
    new Set(project.files.filter((file) => specsToo || !file.isSpec).flatMap((file) => file.imports.map(packageName)));
  const unused = (/** @type {object} */ declared, /** @type {Set<string>} */ names) =>
    Object.keys(declared).filter((name) => byName.has(name) && !names.has(name));
  return [
    ...unused(dependencies, used(false)).map(
      (name) => `${project.root}/package.json: declares ${name}, which no source imports`,
    ),
    ...unused(devDependencies, used(true)).map(
      (name) => `${project.root}/package.json: declares ${name}, which no source or spec imports`,
    ),
  ];
}

/** @param {string} specifier `@scope/name/sub/path` or `name/sub` @returns {string} */
function packageName(specifier) {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
