import { operatorCommand } from '../operate/operator.command.js';
import { ROTATION_STEPS, rotateKeys } from '../platform/key.rotation.js';
import { loadSecrets, saveSecrets } from '../platform/secrets.store.js';
import { StartFailure } from '../start-failure.js';
import { deployFailure, readDeployConfig } from './config.js';
import { secretsFile, writeDeploySecrets } from './deploy.secrets.js';

const USAGE = `secrets.program.js [rotate ${ROTATION_STEPS.join('|')} <service>]`;

/** The numbers are fixed by the images: `node` in node:*-slim, `postgres` in Debian's postgres. */
const ACCOUNTS = { service: 1000, postgres: 999 };

await operatorCommand((words) =>
  place(words).catch((error: unknown) => {
    throw deployFailure(error, 'SECRETS_FOLDER');
  }),
);

async function place([verb, named, service]: readonly string[]): Promise<void> {
  const config = readDeployConfig();
  if (verb !== undefined) {
    const step = ROTATION_STEPS.find((each) => each === named);
    if (verb !== 'rotate' || step === undefined || service === undefined) throw new StartFailure(USAGE);
    const file = secretsFile(config);
    const secrets = await loadSecrets(file);
    await rotateKeys(secrets, step, service);
    await saveSecrets(file, secrets);
  }
  await writeDeploySecrets(config, process.getuid?.() === 0 ? ACCOUNTS : undefined);
  console.log('The secrets of this deploy are in place.');
}
