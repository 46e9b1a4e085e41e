import { agentsMessages, CreatePersona, type DomainError, type RequestContract, type Role } from '@apollo/contracts';
import { startService } from '@apollo/service-kit';
import { testDatabase, type TestDatabase, type TestOrg, testPeer, testServiceConfig } from '@apollo/testing';
import { AgentsModule } from './agents.module.js';
import { agentsSchema } from './agents.schema.js';
import { type ModelSource, PlatformModels } from './model/model.source.js';

/** Who asks, and with what key; the owner of the organization with a key of its own when absent. */
export interface Asker {
  readonly signOuts?: number;
  readonly actor?: string;
  readonly role?: Role;
  readonly idempotencyKey?: string;
}

/** The agents service as the gateway meets it: over the bus, with a database of its own. */
export interface AgentsWorld {
  readonly test: TestDatabase;
  ask<Request extends object, Reply extends object>(
    org: TestOrg,
    contract: RequestContract<Request, Reply>,
    request: NoInfer<Request>,
    asker?: Asker,
  ): Promise<Reply>;
  /** The error's wire form as text, for comparing byte by byte; fails when there is an answer. */
  refusal<Request extends object>(
    org: TestOrg,
    contract: RequestContract<Request>,
    request: NoInfer<Request>,
    asker?: Asker,
  ): Promise<string>;
  /** The code of the refusal; `taken` where there is an answer. */
  code<Request extends object>(
    org: TestOrg,
    contract: RequestContract<Request>,
    request: NoInfer<Request>,
    asker?: Asker,
  ): Promise<string>;
  /** A persona of the organization, named and instructed by its canary unless told otherwise. */
  persona(org: TestOrg, request?: Partial<agentsMessages.CreatePersonaRequest>): Promise<agentsMessages.Persona>;
  stop(): Promise<void>;
}

/**
 * @param natsUrl of another bus than the run's
 * @param models that personas may have
 */
export async function agentsWorld(natsUrl?: string, models: ModelSource = new PlatformModels()): Promise<AgentsWorld> {
  const test = await testDatabase(agentsSchema);
  const config = testServiceConfig('agents', test);
  const service = await startService({
    name: 'agents',
    schema: agentsSchema,
    config: { ...config, natsUrl: natsUrl ?? config.natsUrl },
    module: AgentsModule.over(models, config.tagKey),
  });
  const gateway = await testPeer('gateway', natsUrl);
  const ask: AgentsWorld['ask'] = (org, contract, request, { idempotencyKey, ...who } = {}) =>
    org.as(() => gateway.bus.request(contract, request, { idempotencyKey, timeoutMs: 20_000 }), who);
  return {
    test,
    ask,
    refusal: async (org, contract, request, asker) => {
      const answer = await ask(org, contract, request, asker).catch((error: DomainError) => error);
      if (!(answer instanceof Error)) return `was answered: ${JSON.stringify(answer)}`;
      const { code, detail, fields } = answer as DomainError;
      return JSON.stringify({ code, detail, fields });
    },
    code: (org, contract, request, asker) =>
      ask(org, contract, request, asker).then(
        () => 'taken',
        ({ code }: DomainError) => code,
      ),
    persona: (org, request) =>
      ask(org, CreatePersona, { name: org.canary, description: org.canary, instructions: org.canary, ...request }),
    stop: async () => {
      await gateway.close();
      await service.stop();
      await test.drop();
    },
  };
}
