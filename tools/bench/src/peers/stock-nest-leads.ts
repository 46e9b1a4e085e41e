import 'reflect-metadata';
import { TagSigner } from '@apollo/tenancy/postgres';
import { MikroORM } from '@mikro-orm/postgresql';
import { Controller, Inject, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MessagePattern, type MicroserviceOptions, Payload, Transport } from '@nestjs/microservices';
import { peerConfig } from './config.js';
import { announceReady } from './peer.life.js';
import { StockLead } from './stock.lead.js';
import { contextOf } from './tagged.leads.js';

// Peer 2, its service: MikroORM's own row-level security support and a plain find, on the stock transport.
const config = peerConfig();
const signer = new TagSigner(config.tagKey);

@Controller()
class LeadsController {
  constructor(@Inject(MikroORM) private readonly orm: MikroORM) {}

  @MessagePattern('leads.list')
  async list(@Payload() { org }: { org: string }): Promise<object> {
    const tag = signer.sign(contextOf(org, org), Date.now());
    const items = await this.orm.em.fork().transactional(async (em) => {
      await em.execute('select tenancy.carry(?)', [tag]);
      return em.find(StockLead, { orgId: org }, { orderBy: { createdAt: 'desc', id: 'desc' }, limit: 20 });
    });
    return { items, next_cursor: null };
  }
}

@Module({
  controllers: [LeadsController],
  providers: [
    {
      provide: MikroORM,
      useFactory: () =>
        MikroORM.init({
          clientUrl: config.databaseUrl,
          entities: [StockLead],
          ensureDatabase: false,
          pool: { max: 10 },
        }),
    },
  ],
})
class LeadsModule {}

const app = await NestFactory.createMicroservice<MicroserviceOptions>(LeadsModule, {
  transport: Transport.NATS,
  options: { servers: [config.natsUrl], token: config.natsToken, queue: 'leads' },
  logger: ['error'],
});
await app.listen();
announceReady();
