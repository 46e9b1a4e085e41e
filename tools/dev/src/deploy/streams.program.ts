import { setUpStreams } from '@apollo/messaging';
import { operatorCommand } from '../operate/operator.command.js';
import { readDeployConfig } from './config.js';

// Run before the services of a deploy: they find their streams as the contracts say, or refuse to start.
await operatorCommand(async () => {
  const { natsUrl, streamReplicas, streamMaxBytes, mountedAt } = readDeployConfig();
  await setUpStreams(natsUrl, `${mountedAt}/nkey`, { replicas: streamReplicas, maxBytes: streamMaxBytes });
  console.log('Streams and consumers are as the contracts say.');
});
