import 'reflect-metadata';
import { runProcess } from '@apollo/service-kit/process';
import { gatewayConfig } from './config.js';
import { GATEWAY } from './gateway.module.js';
import { startGateway } from './gateway.start.js';

// The start reads the environment inside, so that a wrong variable ends the process with one line.
runProcess(GATEWAY, async () => startGateway(gatewayConfig()));
