import { setUpStreams } from '@apollo/messaging';
import { readDeployConfig } from './config.js';

// Run before the services of a deploy: they find their streams as the contracts say, or refuse to start.
const { natsUrl, streamReplicas, mountedAt } = readDeployConfig();
await setUpStreams(natsUrl, `${mountedAt}/nkey`, { replicas: streamReplicas });
console.log('Streams and consumers are as the contracts say.');
