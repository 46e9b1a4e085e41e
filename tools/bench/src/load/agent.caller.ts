import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PostMessage, Reserve } from '@apollo/contracts';
import { Bus, connectNats, ContextTokenSigner, GrantWriter, MessageKeys } from '@apollo/messaging';
import { publicSigningKeys } from '@apollo/operate';
import { newId, type TenantContext } from '@apollo/tenancy';
import type { OurPlatform } from '../servers/our.platform.js';
import { actFor } from './acting.service.js';

/** A person of an organization, and by what agents acts for them there. */
interface Asking {
  readonly context: TenantContext;
  readonly delegation: NonNullable<TenantContext['delegation']>;
}

/**
 * The service that speaks for agents, as far as it reserves Stars: over the bus, with its own key, for a person who
 * granted it that with a message to an agent.
 */
export class AgentCaller {
  private readonly agent = newId();
  /** By organization. */
  private readonly asking = new Map<string, Asking>();

  private constructor(
    private readonly bus: Bus,
    private readonly grants: GrantWriter,
    private readonly person: string,
    private readonly close: () => Promise<void>,
  ) {}

  /** @param person id of a member of every organization that it reserves in */
  static async connect({ platform, folder, secrets }: OurPlatform, person: string): Promise<AgentCaller> {
    const file = join(folder, 'agents.nkey');
    await writeFile(file, `${secrets.natsKeys['agents']?.seed}\n`, { mode: 0o600 });
    const connection = await connectNats('agents', platform.running.nats.url, file);
    const signingKey = secrets.contextKeys['agents'] ?? {};
    const keys = new MessageKeys('agents', { signingKey, publicKeys: publicSigningKeys(secrets) });
    const grants = new GrantWriter(new ContextTokenSigner('gateway', secrets.contextKeys['gateway'] ?? {}));
    return new AgentCaller(new Bus('agents', keys, connection), grants, person, () => connection.close());
  }

  /** Sets one Star aside. @throws Error when it is refused */
  async reserve(orgId: string): Promise<void> {
    const key = newId();
    const { context, delegation } = this.askingIn(orgId);
    const { outcome, reason } = await actFor(context, delegation, () =>
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

  private askingIn(orgId: string): Asking {
    const known = this.asking.get(orgId);
    if (known) return known;
    const [run, actor] = [newId(), this.person];
    const context = { scope: 'org', orgId, actor, role: 'owner', requestId: newId(), signOuts: 0 } as const;
    const grant = this.grants.write(PostMessage, context, run, Date.now());
    const asking = { context, delegation: { service: 'agents', run, ...(grant && { grant }) } };
    this.asking.set(orgId, asking);
    return asking;
  }
}
