import { access, constants, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type EventReader, setUpStreams } from '@apollo/messaging';
import { operatorCommand } from '../operator.command.js';
import { natsFailure } from '../server.failures.js';
import { deployFailure, readDeployConfig } from '../config.js';
import { READERS } from './deploy.secrets.js';

// Run before the services of a deploy: they find their streams as the contracts say, or refuse to start.
await operatorCommand(async () => {
  const { natsUrl, streamReplicas, streamMaxBytes, nkeyFile } = readDeployConfig();
  await access(nkeyFile, constants.R_OK).catch((error: unknown) => {
    throw deployFailure(error, 'NATS_NKEY_FILE');
  });
  const size = { replicas: streamReplicas, maxBytes: streamMaxBytes };
  await setUpStreams(natsUrl, nkeyFile, { ...size, readers: await readersBeside(nkeyFile) }).catch((error: unknown) => {
    throw natsFailure(natsUrl, error);
  });
  console.log('Streams and consumers are as the contracts say.');
});

/**
 * Those from outside that may receive events, as the secrets of the deploy name them; none where there is no such file.
 */
async function readersBeside(nkeyFile: string): Promise<EventReader[]> {
  const text = await readFile(join(dirname(nkeyFile), READERS), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '[]';
    throw error;
  });
  return JSON.parse(text) as EventReader[];
}
