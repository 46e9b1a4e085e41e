/**
 * The one program behind `npm start`, `npm test`, `npm run demo`, `npm run guards` and the other programs below, for
 * any Node from 20 on: installs what the lockfile says if that has changed, builds what has changed, then runs the
 * wanted program under the pinned Node 24 and ends as it ends. Uses nothing but Node itself, since nothing may be
 * installed yet.
 *
 *   node tools/run.mjs <start|test|demo|guards|bench|soak|worlds …> [arguments of the program]
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { portTrouble } from './start.ports.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const PINNED_MAJOR = 24;

/** What `npm start` runs: all projects but those that only test and measure. */
const PLATFORM = [
  ...readdirSync(join(root, 'apps'))
    .map((name) => `apps/${name}`)
    .filter(isService),
  'tools/operate',
  'tools/dev',
];

/** Whether a folder is a part of the running platform, by the tag that the boundaries know it by. */
function isService(project) {
  const manifest = join(root, project, 'package.json');
  return existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).nx.tags.includes('type:app');
}

/**
 * By name: the file that is run, and the projects it needs built; none named are all. The demo plays against what runs
 * already, so it neither installs nor builds anything under its feet.
 */
const PROGRAMS = {
  start: { file: 'tools/dev/dist/start.js', projects: PLATFORM },
  test: { file: 'tools/checks/src/run-checks.mjs', projects: [] },
  demo: { file: 'tools/dev/dist/demo/demo.js', projects: undefined },
  'dead-letters': { file: 'tools/dev/dist/operate/dead.letters.js', projects: undefined },
  'event-reader': { file: 'tools/dev/dist/operate/event.reader.js', projects: undefined },
  purges: { file: 'tools/dev/dist/operate/purges.js', projects: undefined },
  'ledger-check': { file: 'tools/dev/dist/operate/ledger.check.js', projects: undefined },
  bench: { file: 'tools/bench/dist/bench.js', projects: [] },
  guards: { file: 'tools/checks/src/guards.mjs', projects: [] },
  mutants: { file: 'tools/checks/src/mutants/mutants.mjs', projects: [] },
  worlds: { file: 'tools/checks/src/worlds.mjs', projects: [] },
  soak: { file: 'apps/system-tests/dist/faults/soak.js', projects: [] },
};

/** Ends with one line, for things a person can act on. */
function fail(line) {
  console.error(`\n${line}`);
  process.exit(1);
}

/**
 * What the compiler says about itself when asked to be verbose: empty lines, lists of projects, and the time in front.
 */
const narration = /^\s*$|^\s+\* |^(\u001b\[\d+m|\[)*\d{1,2}:\d{2}:\d{2} [AP]M/;

function step(line) {
  console.log(`\u203a ${line}`);
}

/** Runs a program to its end with its output visible; gives its exit code, which is 1 after a signal. */
function runVisibly(command, args) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (error) fail(`${command} cannot be run: ${error.message}`);
  return status ?? 1;
}

/**
 * Two runs that install or build in one folder would destroy each other's work: the second waits, and finds it done.
 */
async function turn() {
  const lock = join(root, '.apollo', 'building');
  mkdirSync(dirname(lock), { recursive: true, mode: 0o700 });
  for (let told = false; ; told = true) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      return () => rmSync(lock, { force: true });
    } catch (error) {
      if (error.code !== 'EEXIST') fail(`${lock} cannot be written: ${error.message}`);
    }
    const other = holder(lock);
    if (other === undefined) rmSync(lock, { force: true });
    else if (!told)
      step(`Another run (process ${other}) installs or builds here: waiting for it. If there is none, delete ${lock}`);
    await delay(200);
  }
}

/** The process that has the turn; undefined when it is gone. */
function holder(lock) {
  try {
    const pid = Number(readFileSync(lock, 'utf8'));
    process.kill(pid, 0);
    return pid;
  } catch (error) {
    return error.code === 'EPERM' ? 'of another user' : undefined;
  }
}

function install() {
  const lockfile = join(root, 'package-lock.json');
  const stamp = join(modules, '.apollo-lockfile');
  const installed = join(modules, '.package-lock.json');
  const hash = createHash('sha256').update(readFileSync(lockfile)).digest('hex');
  const known = existsSync(stamp) ? readFileSync(stamp, 'utf8').trim() : '';
  if (known === hash) return;
  // An `npm install` by hand leaves its own note, newer than the lockfile it wrote.
  const byHand = existsSync(installed) && statSync(installed).mtimeMs >= statSync(lockfile).mtimeMs;
  if (!byHand) {
    step(
      known === ''
        ? 'Installing dependencies (first run: a minute or two)'
        : 'Installing dependencies (the lockfile has changed)',
    );
    const npm = process.env.npm_execpath;
    // Without the scripts of dependencies: what is used of them comes built, and compiling the rest takes a minute.
    const args = ['ci', '--ignore-scripts', '--loglevel=error', '--no-audit', '--no-fund'];
    const status = npm?.endsWith('.js') ? runVisibly(process.execPath, [npm, ...args]) : runVisibly('npm', args);
    if (status !== 0) fail('The dependencies could not be installed: see the lines above (network, registry or disk).');
  }
  writeFileSync(stamp, `${hash}\n`);
}

/** The pinned Node that came with the dependencies, else the current one if that is new enough. */
function pinnedNode() {
  const bundled = join(modules, '.bin', 'node');
  if (spawnSync(bundled, ['--version'], { stdio: 'ignore' }).status === 0) return bundled;
  if (Number(process.versions.node.split('.')[0]) >= PINNED_MAJOR) return process.execPath;
  return fail(
    `There is no Node ${PINNED_MAJOR} for ${process.platform}-${process.arch} among the dependencies, and this is Node ${process.versions.node}: install Node ${PINNED_MAJOR} and run again.`,
  );
}

/** Builds the projects that have changed, naming each as it comes; the compiler's own words follow where it has any. */
async function build(node, name, projects) {
  const started = performance.now();
  const compiler = spawn(
    node,
    [
      join(modules, 'typescript/bin/tsc'),
      '-b',
      ...projects,
      '--verbose',
      ...(process.stdout.isTTY ? ['--pretty'] : []),
    ],
    {
      cwd: root,
      stdio: ['inherit', 'pipe', 'inherit'],
    },
  );
  for await (const line of createInterface({ input: compiler.stdout })) {
    const project = /Building project '(?:.*[/\\])?((?:apps|libs|tools)[/\\][^/\\]+)[/\\]tsconfig\.json'/.exec(
      line,
    )?.[1];
    if (project) step(`Building ${project}`);
    else if (!narration.test(line)) console.log(line);
  }
  const status = compiler.exitCode ?? (await new Promise((resolve) => compiler.once('exit', resolve)));
  if (status !== 0) {
    // The checks count a failed build among their own, and say so in their last line.
    if (name === 'test') return;
    fail('The build failed: see the lines above.');
  }
  step(`Built in ${((performance.now() - started) / 1000).toFixed(1)} s`);
}

/**
 * npm puts a shell between itself and this; a signal to npm ends the shell, which tells nobody. So the shell's end,
 * noticed by getting another parent, counts as the signal.
 */
function stopWithParent(child) {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    child.kill('SIGTERM');
  }, 250);
  watch.unref();
}

/** Runs the program with the terminal as its own, hands signals on, and exits as it does. */
function run(node, file, args) {
  // Compiled code is kept between runs, which takes most of the waiting out of loading the libraries.
  const env = { ...process.env, NODE_COMPILE_CACHE: join(modules, '.cache', 'apollo', 'compiled') };
  const child = spawn(node, [join(root, file), ...args], { stdio: 'inherit', env });
  // In a terminal, Ctrl-C reaches the child by itself; a second SIGINT is harmless, since programs stop once.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  if (process.env.npm_lifecycle_event) stopWithParent(child);
  child.on('error', (error) => fail(`${file} cannot be run: ${error.message}`));
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? { SIGINT: 130, SIGTERM: 143 }[signal] ?? 1;
  });
}

/** Refuses what is neither a step nor a path before anything is installed or built for it. */
async function mindWords(words) {
  const { parseSelection } = await import('./checks/src/selection.mjs');
  try {
    parseSelection(words);
  } catch (error) {
    fail(error.message);
  }
}

if (Number(process.versions.node.split('.')[0]) < 20)
  fail(`This needs Node 20 or newer; this is ${process.versions.node}.`);
const [name, ...args] = process.argv.slice(2);
const program = Object.hasOwn(PROGRAMS, name ?? '') ? PROGRAMS[name] : undefined;
if (program === undefined) fail(`Say what to run: node tools/run.mjs ${Object.keys(PROGRAMS).join('|')}`);

if (name === 'start') {
  if (args.length > 0) fail(`npm start takes no arguments (${args.join(' ')}): ports are named by variables.`);
  const trouble = await portTrouble(root, process.env);
  if (trouble) fail(trouble);
}
if (name === 'test') await mindWords(args);
if (program.projects) {
  const done = await turn();
  install();
  await build(pinnedNode(), name, program.projects);
  done();
}
if (!existsSync(join(root, program.file))) fail(`There is no ${program.file} yet: run "npm start" first.`);
run(pinnedNode(), program.file, args);
