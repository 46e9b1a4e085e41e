import 'reflect-metadata';
import { Controller, Get, Inject, Module, Param } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ClientProxy, ClientsModule, Transport } from '@nestjs/microservices';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Observable } from 'rxjs';
import { peerConfig } from './config.js';
import { announceReady, portOf } from './peer.life.js';

// Peer 2, its edge: Nest and its NATS transport as the documentation shows them.
const { natsUrl, natsToken } = peerConfig();

@Controller()
class LeadsController {
  constructor(@Inject('LEADS') private readonly leads: ClientProxy) {}

  @Get('orgs/:org/leads')
  list(@Param('org') org: string): Observable<object> {
    return this.leads.send('leads.list', { org });
  }
}

@Module({
  imports: [
    ClientsModule.register([
      { name: 'LEADS', transport: Transport.NATS, options: { servers: [natsUrl], token: natsToken } },
    ]),
  ],
  controllers: [LeadsController],
})
class GatewayModule {}

const app = await NestFactory.create<NestFastifyApplication>(GatewayModule, new FastifyAdapter(), {
  logger: ['error'],
});
await app.listen(0, '127.0.0.1');
announceReady(portOf(app.getHttpServer().address()));
