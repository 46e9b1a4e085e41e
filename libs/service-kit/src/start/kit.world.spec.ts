import { writeFile } from 'node:fs/promises';
import { contractsOf, type ServiceName, typeOf } from '@apollo/contracts';
import { durableEventsBetween, durableRoutes } from '@apollo/messaging';
import { schemaSql, type ServiceSchema, statement } from '@apollo/tenancy/postgres';
import { type OwnBus, specimenSchema, testDatabase, type TestDatabase, testServiceConfig } from '@apollo/testing';
import { Controller, type DynamicModule, Module } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { auditFunctions, auditTables } from '../audit/audit.tables.js';
import { idempotencyTables } from '../commands/idempotency.tables.js';
import { mailTable } from '../mail/mail.tables.js';
import { type RunningService, startService } from './service.start.js';

/** The specimen's schema, with the tables of the library. */
export async function kitSchema(): Promise<ServiceSchema> {
  const specimen = await specimenSchema();
  const own = [...auditTables('specimen'), ...idempotencyTables('specimen'), mailTable('specimen')];
  const schema = {
    ...specimen,
    tables: [...specimen.tables, ...own],
    functions: [...(specimen.functions ?? []), auditFunctions],
  };
  await writeFile(new URL('migrations/0001-initial.sql', schema.packageUrl), await schemaSql(schema));
  return schema;
}

/** Something that a spec can count: rows of whoever acts. */
export const stamp = statement<object, { id: string; text: string }>(
  'kit stamp',
  'insert into specimen.stamps (org_id, id, text) values (:org, :id, :text)',
);

/** What the library answers by itself. */
const HISTORY = ['list-event-heads', 'list-entity-events', 'list-events'];

/** What answers a message, by its type; whatever is not among them is answered with nothing. */
export type Answers = Record<string, (payload: object) => Promise<object>>;

/** A service that answers all that is asked of it, with what it was given for injection. */
export interface KitService extends RunningService {
  readonly test: TestDatabase;
  get<T>(token: abstract new (...args: never[]) => T): T;
}

/** Starts a service of that name, on a database of its own. */
export async function kitService(name: ServiceName, bus: OwnBus, answers: Answers): Promise<KitService> {
  const schema = await kitSchema();
  const test = await testDatabase(schema);
  const config = { ...testServiceConfig(name, test), natsUrl: bus.url };
  const service = await startService({ name, schema, config, module: answering(name, answers) });
  return {
    ...service,
    test,
    get: (token) => service.app.get(token, { strict: false }),
    stop: async () => {
      await service.stop();
      await test.drop();
    },
  };
}

function answering(service: ServiceName, answers: Answers): DynamicModule {
  class AnsweringController {}
  const taken = durableRoutes()
    .filter(({ consumer }) => consumer === service)
    .flatMap(({ producer }) => durableEventsBetween(producer, service));
  const own = contractsOf(service).filter(({ method }) => !HISTORY.includes(method));
  for (const contract of [...own, ...taken]) {
    const type = typeOf(contract);
    const value = (payload: object): Promise<object> => answers[type]?.(payload) ?? Promise.resolve({});
    const named = { configurable: true, writable: true, value };
    Object.defineProperty(AnsweringController.prototype, type, named);
    MessagePattern(type)(AnsweringController.prototype, type, named);
    Reflect.defineMetadata('design:paramtypes', [Object], AnsweringController.prototype, type);
  }
  Controller()(AnsweringController);
  class AnsweringModule {}
  Module({ controllers: [AnsweringController] })(AnsweringModule);
  return { module: AnsweringModule };
}
