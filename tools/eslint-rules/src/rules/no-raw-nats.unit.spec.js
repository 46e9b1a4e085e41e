import { refused, ruleTester } from '../rule-tester.js';
import { noRawNats } from './no-raw-nats.js';

ruleTester.run('no-raw-nats', noRawNats, {
  valid: [
    "import { MessagePattern, Payload } from '@nestjs/microservices';",
    "import { requestOf } from '@apollo/messaging';",
    "import { natsUrl } from './nats.js';",
    'const url = config.NATS; const transport = new CustomTransport(); start({ transport });',
    "import { Transport } from './transport.js'; Transport.NATS;",
    "import { Transport } from '@nestjs/microservices'; Transport.TCP;",
  ],
  invalid: [
    ...refused('module', [
      "import { connect } from '@nats-io/transport-node';",
      "import { connect as quiet } from '@nats-io/transport-node';",
      "import * as nats from '@nats-io/nats-core';",
      "import type { NatsConnection } from '@nats-io/nats-core';",
      "import { connect } from 'nats';",
      "import { connect } from 'nats.ws';",
      "export { connect } from '@nats-io/transport-node';",
      "export * from '@nats-io/jetstream';",
      "await import('@nats-io/transport-node');",
      'await import(`@nats-io/${"transport-node"}`);',
      "const scope = '@nats-io'; require(scope + '/nkeys');",
      "import nats = require('nats');",
      "import { ServerNats } from '@nestjs/microservices/server/server-nats.js';",
    ]),
    ...refused('nest', [
      "import { ClientProxyFactory } from '@nestjs/microservices';",
      "import { ClientProxyFactory as F } from '@nestjs/microservices';",
      "import { ClientsModule } from '@nestjs/microservices';",
      "import { ClientNats } from '@nestjs/microservices';",
      "import { NatsRecordBuilder } from '@nestjs/microservices';",
      "export { ClientProxyFactory } from '@nestjs/microservices';",
      "import { Transport } from '@nestjs/microservices'; start({ transport: Transport.NATS });",
      "import { Transport as T } from '@nestjs/microservices'; start({ transport: T.NATS });",
      "import { Transport } from '@nestjs/microservices'; start({ transport: Transport['NATS'] });",
      "import { Transport } from '@nestjs/microservices'; const { NATS } = Transport;",
      'start({ transport: 2 });',
    ]),
    ...refused('whole', [
      "import * as microservices from '@nestjs/microservices';",
      "export * from '@nestjs/microservices';",
      "const { ClientProxyFactory } = await import('@nestjs/microservices');",
    ]),
  ],
});
