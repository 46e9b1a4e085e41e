import { dirname, join } from 'node:path';
import { StartFailure } from '@apollo/servers';
import { operatorCommand } from '../operator.command.js';
import { ROTATION_STEPS, rotateKeys, rotateTagKey } from '../secrets/key.rotation.js';
import { loadSecrets, saveSecrets, type Secrets } from '../secrets/secrets.store.js';
import { type DeployConfig, deployFailure, readDeployConfig } from '../config.js';
import { changeReaders, READER_USAGE } from './deploy.readers.js';
import { secretsFile, writeDeploySecrets } from './deploy.secrets.js';

const USAGE = `secrets.program.js [rotate|tag-key ${ROTATION_STEPS.join('|')} <service> | ${READER_USAGE}]`;

const PLACED = 'The secrets of this deploy are in place.';

/** The numbers are fixed by the images: `node` in node:*-slim, `postgres` in Debian's postgres. */
const ACCOUNTS = { service: 1000, postgres: 999 };

await operatorCommand((words) =>
  place(words).catch((error: unknown) => {
    throw deployFailure(error, 'SECRETS_FOLDER');
  }),
);

async function place(words: readonly string[]): Promise<void> {
  const config = readDeployConfig();
  const said = words.length > 0 ? await changed(config, words) : PLACED;
  await writeDeploySecrets(config, process.getuid?.() === 0 ? ACCOUNTS : undefined);
  console.log(said);
}

/** Changes what is secret as the words say. @returns what to tell the operator */
async function changed(config: DeployConfig, [verb, ...words]: readonly string[]): Promise<string> {
  if (verb !== 'reader' && verb !== 'rotate' && verb !== 'tag-key') throw new StartFailure(USAGE);
  const file = secretsFile(config);
  const secrets = await loadSecrets(file);
  const keys = join(dirname(file), 'keys');
  const said =
    verb === 'reader'
      ? await changeReaders(secrets, { server: config.natsUrl, keys }, words)
      : await rotate(secrets, verb, words);
  await saveSecrets(file, secrets);
  return said;
}

async function rotate(
  secrets: Secrets,
  verb: 'rotate' | 'tag-key',
  [named, service]: readonly string[],
): Promise<string> {
  const step = ROTATION_STEPS.find((each) => each === named);
  if (step === undefined || service === undefined) throw new StartFailure(USAGE);
  return (verb === 'rotate' ? rotateKeys : rotateTagKey)(secrets, step, service);
}
