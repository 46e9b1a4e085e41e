import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readImports } from './source-imports.mjs';

/**
 * @typedef {object} Project
 * @property {string} name
 * @property {string} root folder, relative to the workspace
 * @property {readonly string[]} tags those a person wrote
 * @property {readonly string[]} dependsOn names of projects, as Nx sees them
 * @property {{ dependencies?: Record<string, string>, devDependencies?: Record<string, string>, exports?: unknown }}
 *   manifest
 * @property {readonly import('./source-imports.mjs').SourceFile[]} files
 *
 * @typedef {{ projects: readonly Project[], rootDevDependencies: readonly string[] }} Workspace
 */

const nx = join(import.meta.dirname, '../../../node_modules/nx/dist/bin/nx.js');

/**
 * @param {string} root folder that holds nx.json
 * @returns {Promise<Workspace>} projects in the order of their folders
 */
export async function readWorkspace(root) {
  const graph = await nxGraph(root);
  const rootManifest = await readJson(join(root, 'package.json'));
  const nodes = Object.values(graph.nodes).sort((a, b) => (a.data.root < b.data.root ? -1 : 1));
  const projects = await Promise.all(
    nodes.map(async (node) => ({
      name: node.name,
      root: node.data.root,
      // Nx adds tags of its own (npm:private, npm:public).
      tags: (node.data.tags ?? []).filter((tag) => !tag.startsWith('npm:')),
      dependsOn: (graph.dependencies[node.name] ?? [])
        .map((edge) => edge.target)
        .filter((target) => target in graph.nodes),
      manifest: await readJson(join(root, node.data.root, 'package.json')),
      files: await readImports(root, node.data.root),
    })),
  );
  return { projects, rootDevDependencies: Object.keys(rootManifest.devDependencies ?? {}) };
}

/**
 * Asks Nx through its command line, which is its stable interface. No daemon and no cached graph: the answer must
 * depend on the files alone.
 *
 * @param {string} root
 * @returns {Promise<{ nodes: Record<string, { name: string, data: { root: string, tags?: string[] } }>, dependencies:
 *   Record<string, { target: string }[]> }>}
 */
async function nxGraph(root) {
  const folder = await mkdtemp(join(tmpdir(), 'apollo-graph-'));
  try {
    const file = join(folder, 'graph.json');
    await promisify(execFile)(process.execPath, [nx, 'graph', `--file=${file}`], {
      cwd: root,
      env: quietNx(),
      timeout: 90_000,
    });
    return (await readJson(file)).graph;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @returns {Record<string, string>} */
function quietNx() {
  const { PATH = '', HOME = '' } = process.env;
  return {
    PATH,
    HOME,
    NX_DAEMON: 'false',
    NX_CACHE_PROJECT_GRAPH: 'false',
    NX_NO_CLOUD: 'true',
    NX_INTERACTIVE: 'false',
    CI: 'true',
  };
}

/** @param {string} path */
async function readJson(path) {
  return JSON.parse(await readFile(path, 'utf8'));
}
