import type { BlockedEntity, DeadLetters } from '@apollo/messaging';
import { currentTenant, newId } from '@apollo/tenancy';
import type { TenantDatabase } from '@apollo/tenancy/postgres';
import type { AuditTrail } from '../audit/audit.trail.js';
import { DeadJobCommands, type DeadWork, type DeadWorkSource } from './dead.job.commands.js';
import { DeadLetterCommands } from './dead.letter.commands.js';
import { OperatorContext } from './operator.context.js';

const [org, id] = [newId(), newId()];
const since = new Date('2026-01-02T03:04:05.000Z');

/** What was done, where and as whom, in order. */
let done: unknown[] = [];
let said: string[] = [];
const noting =
  <T>(what: string, answer: T) =>
  async (...given: unknown[]): Promise<T> => {
    const { scope, orgId, actor, role, requestId } = currentTenant();
    // What nobody waits for comes behind what goes on without it.
    await new Promise((resolve) => setImmediate(resolve));
    done.push([what, ...given, orgId ?? scope, actor, role, /^[\da-f-]{36}$/.test(requestId)]);
    return answer;
  };
const asService = ['system:leads', 'system', true];
const context = new OperatorContext('leads');
const database = {
  transaction: async (work: () => Promise<unknown>) => {
    done.push('begin');
    const result = await work();
    done.push('commit');
    return result;
  },
} as unknown as TenantDatabase;
const audit = { done: noting('audit', undefined) } as unknown as AuditTrail;
const say = (line: string): void => void said.push(line);
beforeEach(() => {
  done = [];
  said = [];
});

describe('what an operator does with a job that died', () => {
  const job: DeadWork = { org_id: org, id, since };
  const work = (waits = true): DeadWorkSource => ({
    find: noting('find', [job]),
    waits: noting('waits', waits),
    show: noting('show', `of a kind\u001b[2J`),
    replay: noting('replay', waits),
    giveUp: noting('give up', waits),
  });
  const commands = (waits = true): DeadJobCommands => new DeadJobCommands(context, database, work(waits), audit, say);

  it('lists those of all organizations, one line each, and says nothing where there are none', async () => {
    expect(await commands().find()).toEqual([job]);
    expect(done).toEqual([['find', 'platform', ...asService]]);
    commands().list([]);
    expect(said).toEqual([]);
    commands().list([job]);
    commands().list([job, job]);
    const line = `2026-01-02T03:04:05.000Z  job  ${org} ${id}`;
    expect(said).toEqual(['1 job has died', line, '2 jobs have died', line, line]);
  });

  it('finds the one that died under an id within the organization that was named, and none that did not', async () => {
    expect(await commands().named(org, id)).toEqual([{ org_id: org, id }]);
    expect(await commands(false).named(org, id)).toEqual([]);
    expect(done).toEqual(Array(2).fill(['waits', id, org, ...asService]));
  });

  it('shows one within its organization, and nothing that it makes the terminal do', async () => {
    await commands().do({ verb: 'show' }, job);
    expect([done, said]).toEqual([[['show', id, org, ...asService]], ['of a kind\ufffd[2J']]);
  });

  it('has one begun anew, or says that it waits no more', async () => {
    await commands().do({ verb: 'replay' }, job);
    await commands(false).do({ verb: 'replay' }, job);
    expect(done).toEqual(Array(2).fill(['replay', id, org, ...asService]));
    expect(said).toEqual([`${id}: the running service begins it anew within seconds.`, `${id} waits no more.`]);
  });

  it('gives one up in one transaction with the reason on record, and records nothing where it waits no more', async () => {
    await commands().do({ verb: 'give-up', reason: 'too old' }, job);
    expect(done).toEqual([
      'begin',
      ['give up', id, org, ...asService],
      ['audit', 'job.given_up', id, { reason: 'too old' }, org, ...asService],
      'commit',
    ]);
    done = [];
    await commands(false).do({ verb: 'give-up', reason: 'too old' }, job);
    expect(done).toEqual(['begin', ['give up', id, org, ...asService], 'commit']);
    expect(said).toEqual([`${id} is given up: too old.`, `${id} waits no more.`]);
  });
});

describe('what an operator does with an event that nobody could handle', () => {
  const blocked: BlockedEntity = { org_id: org, source: 'orgs', entity: 'org', entity_id: id, since, replay: false };
  const origin = { source: 'orgs', entity: 'org' };
  const letter = {
    entity_version: 3,
    type: 'orgs.org.created.v1',
    reason: 'conflict',
    at: since,
    request_id: 'r',
    body: '{}',
  };
  const given = { type: 'orgs.org.created.v1', entity_version: 3 };
  const commands = (event: object | undefined = given, letters: object = {}): DeadLetterCommands =>
    new DeadLetterCommands(
      context,
      database,
      {
        list: noting('list', [blocked]),
        named: noting('named', [origin]),
        of: noting('of', [letter]),
        askForReplay: noting('replay', true),
        giveUp: noting('give up', event),
        ...letters,
      } as unknown as DeadLetters,
      audit,
      say,
    );

  it('lists entities that wait, of all organizations, and which are to be handled anew', async () => {
    expect(await commands().find()).toEqual([blocked]);
    expect(done).toEqual([['list', 'platform', ...asService]]);
    commands().list([blocked]);
    commands().list([blocked, { ...blocked, replay: true }]);
    const line = `2026-01-02T03:04:05.000Z  event orgs.org  ${org} ${id}`;
    expect(said).toEqual(['1 entity waits', line, '2 entities wait', line, `${line}  replay asked for`]);
  });

  it('finds what waits under an id within the organization that was named', async () => {
    expect(await commands().named(org, id)).toEqual([{ ...origin, org_id: org, entity_id: id }]);
    expect(done).toEqual([['named', id, org, ...asService]]);
  });

  it('shows what waits, within its organization', async () => {
    await commands().do({ verb: 'show' }, blocked);
    expect(done).toEqual([['of', origin, id, org, ...asService]]);
    expect(said).toEqual([
      `orgs.org ${id} of organization ${org}`,
      '  version 3  orgs.org.created.v1  2026-01-02T03:04:05.000Z  conflict  request r',
      '    {}',
    ]);
  });

  it('has it handled anew', async () => {
    await commands().do({ verb: 'replay' }, blocked);
    expect(done).toEqual([['replay', origin, id, org, ...asService]]);
    expect(said).toEqual([expect.stringContaining(`orgs.org ${id}: the running service handles its events anew`)]);
  });

  it('gives the first one up in one transaction with the reason on record', async () => {
    await commands().do({ verb: 'give-up', reason: 'too old' }, blocked);
    expect(done).toEqual([
      'begin',
      ['give up', origin, id, org, ...asService],
      ['audit', 'event.given_up', id, { ...given, ...origin, reason: 'too old' }, org, ...asService],
      'commit',
    ]);
    expect(said).toEqual([expect.stringContaining(`orgs.org.created.v1 version 3 of ${id} is given up: too old.`)]);
  });

  it('records nothing where none can be given up, and says so', async () => {
    const none = commands(undefined, { giveUp: noting('give up', undefined) });
    await none.do({ verb: 'give-up', reason: 'too old' }, blocked);
    expect(done).toEqual(['begin', ['give up', origin, id, org, ...asService], 'commit']);
    expect(said).toEqual([`No event of ${id} can be given up now; list says what waits.`]);
  });

  it('goes on behind one that cannot be read', async () => {
    let asked = 0;
    const of = async (): Promise<object[]> => {
      if ((asked += 1) === 1) throw new TypeError('secret of somebody');
      return [letter];
    };
    for (const one of [blocked, blocked]) await commands(given, { of }).do({ verb: 'show' }, one);
    expect(said).toEqual([
      `${id} of organization ${org} cannot be read: TypeError`,
      `orgs.org ${id} of organization ${org}`,
      expect.stringContaining('version 3'),
      '    {}',
    ]);
  });
});
