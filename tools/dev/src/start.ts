import { join, resolve } from 'node:path';
import { StartFailure } from '@apollo/servers';
import { readConfig } from './config.js';
import { shown } from './platform/part.supervisor.js';
import { platformFolder } from './platform/platform.layout.js';
import { startPlatform } from './platform/platform.js';
import { progressTo } from './progress.js';
import { startTable } from './start.table.js';

/**
 * `npm start`: runs the platform until Ctrl-C, or until a part of it dies again and again. The exit code is 0 only for
 * the former.
 */
async function main(): Promise<number> {
  const cancel = new AbortController();
  const asked = new Promise<void>((resolve) => {
    // The terminal and the runner above may both send one; only the first counts, the rest is waited for.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        if (!cancel.signal.aborted) print('\n\u203a Stopping');
        cancel.abort(new StartFailure('Stopped before it was ready.'));
        resolve();
      });
    }
  });
  try {
    const { dir, ports, databaseUrl, natsUrl, modelsFile, logLevel } = readConfig();
    const folder = platformFolder({ dir });
    const platform = await startPlatform({
      dir: folder,
      ports,
      seed: true,
      supervised: true,
      databaseUrl,
      natsUrl,
      logLevel,
      ...(modelsFile !== undefined && { environment: { agents: { MODELS_FILE: resolve(modelsFile) } } }),
      progress: progressTo(print),
      signal: cancel.signal,
    });
    print(startTable(platform.running, shown(join(folder, 'running.json'))));
    const broken = await Promise.race([platform.broken, asked]);
    if (broken !== undefined) console.error(`\n${broken.message} Stopping everything else.`);
    await platform.stop();
    print('Stopped.');
    return broken === undefined ? 0 : 1;
  } catch (error) {
    console.error(error instanceof StartFailure ? `\n${error.message}` : error);
    return 1;
  }
}

function print(line: string): void {
  console.log(line);
}

process.exitCode = await main();
// Whatever still waits, such as a keep-alive connection, is of no use any more.
process.exit();
