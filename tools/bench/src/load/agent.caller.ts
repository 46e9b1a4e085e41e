import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Reserve } from '@apollo/contracts';
import { Bus, connectNats, MessageKeys } from '@apollo/messaging';
import { publicSigningKeys } from '@apollo/operate';
import { newId } from '@apollo/tenancy';
import type { OurPlatform } from '../servers/our.platform.js';
import { actAs } from './acting.service.js';

/** The service that speaks for agents, as far as it reserves Stars: over the bus, with its own key. */
export class AgentCaller {
  private constructor(
    private readonly bus: Bus,
    private readonly agent: string,
    private readonly close: () => Promise<void>,
  ) {}

  static async connect({ platform, folder, secrets }: OurPlatform): Promise<AgentCaller> {
    const file = join(folder, 'agents.nkey');
    await writeFile(file, `${secrets.natsKeys['agents']?.seed}\n`, { mode: 0o600 });
    const connection = await connectNats('agents', platform.running.nats.url, file);
    const signingKey = secrets.contextKeys['agents'] ?? {};
    const keys = new MessageKeys('agents', { signingKey, publicKeys: publicSigningKeys(secrets) });
    return new AgentCaller(new Bus('agents', keys, connection), newId(), () => connection.close());
  }

  /** Sets one Star aside. @throws Error when it is refused */
  async reserve(orgId: string): Promise<void> {
    const key = newId();
    const { outcome, reason } = await actAs('agents', orgId, () =>
      this.bus.request(
        Reserve,
        { key, stars: 1, agent_id: this.agent, run_id: newId(), price_version: 1 },
        { idempotencyKey: key },
      ),
    );
    if (outcome !== 'reserved') throw new Error(`refused: ${reason}`);
  }

  stop(): Promise<void> {
    return this.close();
  }
}
