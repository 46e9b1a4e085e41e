import {
  ArchivePersona,
  CreatePersona,
  contractsOf,
  type EventContract,
  GetPersona,
  type historyMessages,
  ListAgentsAuditLog,
  ListOrgEntityEvents,
  ListOrgEventHeads,
  ListPersonas,
  ListPersonaVersions,
  OrgChangedEvent,
  OrgCreatedEvent,
  type ServiceName,
  TOOL_NAMES,
  typeOf,
  UpdatePersona,
} from '@apollo/contracts';
import {
  entitiesTaken,
  EventHistory,
  EventSigner,
  handledMessage,
  MessageServer,
  Outbox,
  OutboxRelay,
} from '@apollo/messaging';
import { AuditTrail, CursorCodec } from '@apollo/service-kit';
import { systemClock } from '@apollo/tenancy';
import { OutboxDatabase } from '@apollo/tenancy/postgres';
import {
  ownBus,
  type OwnBus,
  specimenSchema,
  testDatabase,
  type TestDatabase,
  testOrg,
  type TestOrg,
  testPeer,
  type TestPeer,
  testProcessConfig,
  until,
} from '@apollo/testing';
import { type AgentsWorld, agentsWorld } from '../agents.world.spec.js';
import { ChiefOfStaffCreation } from './chief.of.staff.creation.js';
import { PersonaRepository } from './persona.repository.js';

/** Who acts while an event of orgs is handled. */
const ORGS = { actor: 'system:orgs', role: 'system' } as const;

/** What orgs tells of organizations: an outbox, its relay, and the record that a consumer compares with. */
class ToldOrgs {
  private constructor(
    private readonly test: TestDatabase,
    private readonly peer: TestPeer,
    private readonly relay: OutboxRelay,
    private readonly history: MessageServer,
  ) {}

  static async start(url: string): Promise<ToldOrgs> {
    const [test, peer] = [await testDatabase(await specimenSchema()), await testPeer('orgs', url)];
    const { signingKey } = testProcessConfig('orgs');
    const silent = { published: () => undefined, failed: () => undefined, refused: () => undefined };
    const events = new OutboxDatabase(test.relayUrl, 'specimen');
    const relay = new OutboxRelay('orgs', events, peer.connection, new EventSigner('orgs', signingKey), silent);
    relay.start();
    const record = new EventHistory(new OutboxDatabase(test.relayUrl, 'specimen'), test.database, 'specimen');
    const history = new MessageServer({
      service: 'orgs',
      connection: peer.connection,
      keys: peer.keys,
      observer: { handled: () => undefined, rejected: () => undefined, failed: () => undefined },
    });
    for (const contract of contractsOf('orgs'))
      history.addHandler(typeOf(contract), () => Promise.reject(new Error('not asked for')));
    const taken = (): string[] => entitiesTaken('orgs', handledMessage()?.envelope.issuer as ServiceName);
    history.addHandler(typeOf(ListOrgEventHeads), (asked: historyMessages.EventHeadsRequest) =>
      record.heads(asked, taken()),
    );
    history.addHandler(typeOf(ListOrgEntityEvents), (asked: historyMessages.EntityEventsRequest) =>
      record.events(asked, taken()),
    );
    await new Promise<void>((resolve, reject) =>
      history.listen((error) => (error ? reject(error as Error) : resolve())),
    );
    return new ToldOrgs(test, peer, relay, history);
  }

  /** @param lost whether JetStream never has it: it stands in the record alone, as before the consumer was there */
  async tell(org: TestOrg, contract: EventContract = OrgCreatedEvent, lost = false): Promise<void> {
    const facts = { slug: 'north-star', time_zone: 'Europe/Lisbon', currency: 'EUR', status: 'active' };
    const { database } = this.test;
    await org.as(() =>
      database.transaction(async () => {
        await new Outbox(database, 'specimen', () => undefined).emit(contract, org.id, facts);
      }),
    );
    if (lost) {
      const written = "update specimen.outbox set published_at = now(), created_at = now() - interval '1 minute'";
      await this.test.admin(`${written} where org_id = $1`, [org.id]);
    } else this.relay.wake();
  }

  /** Publishes what was told of an organization once more, under other ids. */
  async again(org: TestOrg): Promise<void> {
    const unpublished = 'update specimen.outbox set published_at = null, id = gen_random_uuid() where org_id = $1';
    await this.test.admin(unpublished, [org.id]);
    this.relay.wake();
    const left = 'select 1 from specimen.outbox where published_at is null';
    await until(async () => (await this.test.admin(left)).length === 0);
  }

  async stop(): Promise<void> {
    await this.relay.stop();
    await this.history.close();
    await this.peer.close();
    await this.test.drop();
  }
}

describe('the Chief of Staff', () => {
  let bus: OwnBus;
  let world: AgentsWorld;
  let orgs: ToldOrgs;
  beforeAll(async () => {
    bus = await ownBus();
    orgs = await ToldOrgs.start(bus.url);
    world = await agentsWorld(bus.url);
  });
  afterAll(async () => {
    await world?.stop();
    await orgs?.stop();
    await bus?.stop();
  });

  const personas = async (org: TestOrg) => (await world.ask(org, ListPersonas, {})).items;
  const chiefs = async (org: TestOrg) => (await personas(org)).filter(({ is_chief_of_staff: isChief }) => isChief);
  const opened = (org: TestOrg) =>
    until(async () => (await chiefs(org)).length > 0, { withinMs: 20_000, state: () => 'no Chief of Staff' });
  const creation = (): ChiefOfStaffCreation => {
    const { database, tagKey } = world.test;
    const audit = new AuditTrail(database, new CursorCodec(tagKey), 'agents');
    const outbox = new Outbox(database, 'agents', () => undefined);
    return new ChiefOfStaffCreation(database, new PersonaRepository(database), audit, outbox, systemClock);
  };
  const ensure = (org: TestOrg): Promise<void> => org.as(() => creation().ensure(), ORGS);

  it('is there from an organization’s beginning, with every tool, and no other organization has it', async () => {
    const [org, other] = [testOrg(), testOrg()];
    await orgs.tell(org);
    await opened(org);
    const [chief] = await personas(org);
    expect(await world.ask(org, GetPersona, { id: chief?.id ?? '' })).toMatchObject({
      name: 'Chief of Staff',
      tools: TOOL_NAMES,
      daily_cap: null,
      version: 1,
    });
    expect((await world.ask(org, ListPersonaVersions, { id: chief?.id ?? '' })).items).toMatchObject([
      { version: 1, changed_by: 'system:orgs' },
    ]);
    expect((await world.ask(org, ListAgentsAuditLog, {})).items).toMatchObject([
      { action: 'agents.chief-of-staff-created', actor: 'system:orgs', subject: chief?.id },
    ]);
    expect(await personas(other)).toEqual([]);
    expect(await world.code(other, GetPersona, { id: chief?.id ?? '' })).toBe('not_found');
  });

  it('is one where its organization’s beginning is told twice, also to a service that has forgotten it', async () => {
    const org = testOrg();
    await orgs.tell(org);
    await opened(org);
    const before = await personas(org);
    await orgs.again(org);
    await world.test.admin('delete from agents.inbox where org_id = $1', [org.id]);
    await orgs.again(org);
    const taken = 'select 1 from agents.inbox where org_id = $1';
    await until(async () => (await world.test.admin(taken, [org.id])).length === 1);
    expect(await personas(org)).toEqual(before);
  });

  it('is one however many hear of it at once', async () => {
    const org = testOrg();
    await Promise.all(Array.from({ length: 8 }, () => ensure(org)));
    expect(await personas(org)).toHaveLength(1);
    expect((await world.ask(org, ListAgentsAuditLog, {})).items).toHaveLength(1);
  });

  it('comes where the event was lost, or is of before the service was there', async () => {
    const org = testOrg();
    await orgs.tell(org, OrgCreatedEvent, true);
    await opened(org);
    expect(await personas(org)).toHaveLength(1);
  });

  it('comes with what is heard of an organization next, where its beginning was given up on', async () => {
    const org = testOrg();
    await orgs.tell(org);
    await opened(org);
    await world.test.admin('delete from agents.persona_versions where org_id = $1', [org.id]);
    await world.test.admin('delete from agents.personas where org_id = $1', [org.id]);
    await orgs.tell(org, OrgChangedEvent);
    await opened(org);
    expect(await personas(org)).toHaveLength(1);
  });

  it('is called by the next number where other personas have its name', async () => {
    const org = testOrg();
    for (const name of ['chief of staff', 'Chief of Staff 2'])
      await world.ask(org, CreatePersona, { name, instructions: 'x' });
    await ensure(org);
    expect(await chiefs(org)).toMatchObject([{ name: 'Chief of Staff 3' }]);
    expect(await personas(org)).toHaveLength(3);
  });

  it('is configured as any other, and never archived', async () => {
    const org = testOrg();
    await ensure(org);
    const id = (await personas(org))[0]?.id ?? '';
    const changes = { name: 'Alma', tools: ['read_lead'], instructions: 'Be brief.' };
    expect(await world.ask(org, UpdatePersona, { id, ...changes })).toMatchObject({ ...changes, version: 2 });
    expect(await world.code(org, ArchivePersona, { id })).toBe('state_conflict');
    await ensure(org);
    expect(await personas(org)).toHaveLength(1);
  });
});
