import { join } from 'node:path';
import { StartFailure } from '@apollo/servers';
import { readConfig } from '../config.js';
import { platformFolder } from '../platform/platform.layout.js';
import { readRunning } from '../platform/running.file.js';
import { readArguments } from './demo.arguments.js';
import { DemoFailure } from './demo.failure.js';
import { type MondayResult, playMonday } from './monday.js';
import { Narrator } from './narrator.js';

/**
 * `npm run demo [-- --csv FILE --country DE]`: plays the consultant's Monday against the running platform. 0 only if
 * all is as it must be.
 */
async function main(): Promise<number> {
  const print = (line: string) => console.log(line);
  try {
    const { csv, country } = readArguments(process.argv.slice(2));
    const running = await readRunning(join(platformFolder(readConfig()), 'running.json'));
    // Letters and digits of the time, to the tenth of a second: addresses and slugs that no earlier run has used.
    const run = Math.floor(Date.now() / 100).toString(36);
    const { attempts, imported, login, companies } = await playMonday(
      { running, narrator: new Narrator(print), run, country },
      csv,
    );
    print(
      `\nAll as it must be: ${imported.created} leads imported, ${attempts} ways tried from the other organization, 0 rows crossed.`,
    );
    print(
      `\nTo look at it, sign in as the owner of ${companies.map(({ slug }) => slug).join(' and ')}:\n  ${login.email}  ${login.password}\n\n${lookingAround(running.gateway, login, companies[0]?.slug ?? '')}\n`,
    );
    return 0;
  } catch (error) {
    const known = error instanceof DemoFailure || error instanceof StartFailure;
    console.error(known ? `\n\u2717 ${error.message}` : isUnanswered(error) ? `\n\u2717 ${UNANSWERED}` : error);
    return 1;
  }
}

const UNANSWERED = 'The platform does not answer any more: look at the terminal of "npm start".';

/** Whether nobody was there to answer a request; `fetch` says no more than that, and why in its cause. */
function isUnanswered(error: unknown): boolean {
  return error instanceof TypeError && error.cause instanceof Error && 'code' in error.cause;
}

/** Commands to paste: a sign-in, and the leads that came in. */
function lookingAround(gateway: string, login: MondayResult['login'], slug: string): string {
  return `  TOKEN=$(curl -s ${gateway}/v1/auth/login -H 'content-type: application/json' \\
    -d '${JSON.stringify(login)}' | \\
    node -pe 'JSON.parse(require("fs").readFileSync(0)).access_token')
  curl -s "${gateway}/v1/orgs/${slug}/leads?limit=3" \\
    -H "authorization: Bearer $TOKEN"`;
}

process.exitCode = await main();
