import { spawn } from 'node:child_process';

/**
 * @typedef {{ code: number | null, timedOut: boolean, milliseconds: number }} Ended
 *
 * Runs one step with its output visible, or handed to whoever hears it. The child leads its own process group, so that
 * a time-out or Ctrl-C also reaches what it started: an orphaned Postgres would hold its port and folder for the next
 * run.
 *
 * @param {import('./check-steps.mjs').Step} step
 * @param {string} cwd
 * @returns {Promise<Ended>}
 */
export function runStep(step, cwd) {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(process.execPath, step.command, {
      cwd,
      env: { ...process.env, ...step.env },
      stdio: step.heard ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
      detached: true,
    });
    for (const output of [child.stdout, child.stderr]) output?.setEncoding('utf8').on('data', step.heard);
    let timedOut = false;
    const stop = (/** @type {NodeJS.Signals} */ signal) => {
      try {
        if (child.pid) process.kill(-child.pid, signal);
      } catch {
        // The group is gone already, which is what was wanted.
      }
    };
    const interrupt = () => stop('SIGINT');
    const terminate = () => stop('SIGTERM');
    process.on('SIGINT', interrupt);
    process.on('SIGTERM', terminate);
    /** @type {NodeJS.Timeout[]} */
    const timers = [
      setTimeout(() => {
        timedOut = true;
        stop('SIGTERM');
        timers.push(setTimeout(() => stop('SIGKILL'), 10_000));
      }, step.limitMinutes * 60_000),
    ];
    const clean = () => {
      timers.forEach(clearTimeout);
      process.off('SIGINT', interrupt);
      process.off('SIGTERM', terminate);
    };
    child.once('error', (error) => {
      clean();
      reject(error);
    });
    child.once('close', (code) => {
      clean();
      resolve({ code, timedOut, milliseconds: performance.now() - started });
    });
  });
}
