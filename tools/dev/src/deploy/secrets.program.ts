import { readDeployConfig } from './config.js';
import { writeDeploySecrets } from './deploy.secrets.js';

/** The numbers are fixed by the images: `node` in node:*-slim, `postgres` in Debian's postgres. */
const ACCOUNTS = { service: 1000, postgres: 999 };

await writeDeploySecrets(readDeployConfig(), process.getuid?.() === 0 ? ACCOUNTS : undefined);
console.log('The secrets of this deploy are in place.');
