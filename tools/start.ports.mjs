/**
 * Looks, before anything is installed or built, whether `npm start` gets the ports that it wants, and whether a browser
 * opens them: what is in the way is said at once, with one line to paste. Uses nothing but Node itself.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

/** How far from a taken port another one is looked for. */
const FURTHER = 200;

/**
 * @param {string} root the repository
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string | undefined>} what is in the way, and how to start all the same; undefined where nothing is
 */
export async function portTrouble(root, env) {
  // Whoever runs here, or was killed here, holds them itself: the start says so, or stops what was left behind.
  if (existsSync(join(env['APOLLO_DIR'] || join(root, '.apollo'), 'processes.json'))) return undefined;
  const wanted = wantedPorts(tableOf(root, 'ports.json'), env);
  const refused = new Set(tableOf(root, 'ports.refused.json').ports);
  const wrong = wanted.find(({ first }) => !isPort(first));
  if (wrong) return `${wrong.variable}=${env[wrong.variable]} is not a port: give a whole number from 1 to 65535.`;
  const troubles = [];
  const used = new Set();
  const moved = [];
  const later = [];
  for (const run of wanted) {
    const ports = portsOf(run.first, run.count);
    const taken = await firstOf(ports, async (port) => !(await isFree(port)));
    const twice = ports.find((port) => used.has(port));
    const unreachable = run.http ? ports.find((port) => refused.has(port)) : undefined;
    if (twice !== undefined) troubles.push(`port ${twice} is wanted twice (${run.what} too)`);
    else if (unreachable !== undefined)
      troubles.push(`port ${unreachable} (${run.what}) is one that browsers do not open`);
    else if (taken !== undefined) troubles.push(`port ${taken} (${run.what}) is taken`);
    if ([twice, unreachable, taken].some((port) => port !== undefined)) later.push(run);
    else for (const port of ports) used.add(port);
  }
  if (troubles.length === 0) return undefined;
  for (const { variable, first, count, http } of later) {
    const other = await otherPort(first, count, http ? new Set([...used, ...refused]) : used);
    for (const port of portsOf(other, count)) used.add(port);
    moved.push(`${variable}=${other}`);
  }
  const kept = wanted
    .filter((run) => run.set && !later.includes(run))
    .map(({ variable, first }) => `${variable}=${first}`);
  const line = troubles.join(', ');
  return `${line.charAt(0).toUpperCase()}${line.slice(1)}. Free ones: ${[...kept, ...moved].join(' ')} npm start`;
}

function tableOf(root, name) {
  return JSON.parse(readFileSync(join(root, 'tools/dev', name), 'utf8'));
}

function wantedPorts(table, env) {
  return Object.values(table)
    .filter(({ replacedBy }) => !replacedBy || !env[replacedBy])
    .map(({ variable, port, what, count = 1, http = false }) => ({
      variable,
      what,
      count,
      http,
      set: Boolean(env[variable]),
      first: Number(env[variable] || port),
    }));
}

function isPort(port) {
  return Number.isInteger(port) && port > 0 && port < 65_536;
}

function portsOf(first, count) {
  return Array.from({ length: count }, (_, index) => first + index);
}

async function otherPort(near, count, unwanted) {
  for (let first = near + 1; first < near + FURTHER; first += 1) {
    const ports = portsOf(first, count);
    const inTheWay = await firstOf(ports, async (port) => unwanted.has(port) || !(await isFree(port)));
    if (inTheWay === undefined) return first;
  }
  return near;
}

async function firstOf(ports, matches) {
  for (const port of ports) if (await matches(port)) return port;
  return undefined;
}

function isFree(port) {
  return new Promise((resolve) => {
    if (!isPort(port)) return resolve(false);
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
