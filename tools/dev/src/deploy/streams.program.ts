import { access, constants } from 'node:fs/promises';
import { setUpStreams } from '@apollo/messaging';
import { operatorCommand } from '../operate/operator.command.js';
import { natsFailure } from '../platform/own.servers.js';
import { deployFailure, readDeployConfig } from './config.js';

// Run before the services of a deploy: they find their streams as the contracts say, or refuse to start.
await operatorCommand(async () => {
  const { natsUrl, streamReplicas, streamMaxBytes, nkeyFile } = readDeployConfig();
  await access(nkeyFile, constants.R_OK).catch((error: unknown) => {
    throw deployFailure(error, 'NATS_NKEY_FILE');
  });
  await setUpStreams(natsUrl, nkeyFile, { replicas: streamReplicas, maxBytes: streamMaxBytes }).catch(
    (error: unknown) => {
      throw natsFailure(natsUrl, error);
    },
  );
  console.log('Streams and consumers are as the contracts say.');
});
