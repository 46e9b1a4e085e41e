import { newId } from '@apollo/tenancy';
import type { TenantDatabase } from '@apollo/tenancy/postgres';
import { testOrg, until } from '@apollo/testing';
import { pino } from 'pino';
import { register } from 'prom-client';
import type { DueMail, Taking } from './mail.queue.js';
import { MailSeal, NOBODY } from './mail.seal.js';
import { Mailer } from './mailer.js';

const SECRET = 'ab'.repeat(32);
/** In the order of their ids. */
const [first, second, third] = ['1', '2', '3'].map((digit) => newId().replace(/^./, digit)) as [string, string, string];

describe('a mailer', () => {
  /** What it is given the next times it looks for mails, and what it did. */
  let due: DueMail[][] = [];
  let asked: Taking[] = [];
  let done: [what: string, id: string][] = [];
  const settled: [string, string][] = [];
  const mailers: Mailer[] = [];
  const database = {
    transaction: (work: (transaction: object) => Promise<unknown>) =>
      work({ afterCommit: (then: () => void) => then() }),
    query: async ({ name }: { name: string }, given: Taking & { id: string }) => {
      if (name === 'sample.mails take') return (asked.push(given), due.shift() ?? []);
      done.push([name.replace('sample.mails ', ''), given.id]);
      return [{}];
    },
  } as unknown as TenantDatabase;
  const mailer = (): Mailer => {
    const made = new Mailer({
      service: 'orgs',
      schema: 'sample',
      database,
      logger: pino({ level: 'silent' }),
      smtpUrl: 'smtp://127.0.0.1:1',
      from: 'kit@example.test',
      secretHex: SECRET,
      settled: async ({ turn }, outcome) => void settled.push([turn, outcome]),
    });
    mailers.push(made);
    return made;
  };
  const mail = async (turn: string, to = 'a@example.test', secret = SECRET): Promise<DueMail> => {
    const id = newId();
    const sealed = await new MailSeal(secret).seal(id, { to, subject: 'Welcome', text: 'A line.' });
    return { id, turn, sealed, attempts: 1, until: new Date(Date.now() + 60_000) };
  };
  const post = (sending: Mailer): Promise<void> =>
    testOrg().as(() =>
      sending.post({ id: newId(), turn: second, to: 'b@example.test', subject: 'Welcome', text: 'A line.' }),
    );
  const counted = async (outcome: string): Promise<number> =>
    (await register.getSingleMetric('apollo_mails_total')?.get())?.values.find(
      ({ labels }) => labels['outcome'] === outcome,
    )?.value ?? 0;
  beforeEach(() => {
    due = [];
    asked = [];
    done = [];
    settled.length = 0;
  });
  afterEach(() => Promise.all(mailers.splice(0).map((each) => each.onApplicationShutdown())));

  it('asks for mails of nobody while no server can be reached, and again once it has rested', async () => {
    const sending = mailer();
    due = [[await mail(first)]];
    sending.onApplicationBootstrap();
    await until(() => done.some(([what]) => what === 'put off'));
    await post(sending);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(asked).toHaveLength(1);
    await until(() => asked.length > 1);
    expect(asked[1]).toMatchObject({ without: [], most: 4 });
  });

  it('passes over the turn of a mail that it has put off, which is counted', async () => {
    due = [[await mail(first, 'a@example.test', 'cd'.repeat(32))]];
    const before = await counted('later');
    mailer().onApplicationBootstrap();
    await until(() => asked.length > 1);
    expect([asked[1]?.without, (await counted('later')) - before]).toEqual([[first], 1]);
    expect(done.map(([what]) => what)).toEqual(['put off']);
  });

  it('asks for no more mails once it is told to stop, whatever is posted', async () => {
    const stopping = mailer();
    stopping.onApplicationBootstrap();
    await until(() => asked.length > 0);
    await stopping.onApplicationShutdown();
    const before = asked.length;
    await post(stopping);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect([asked.length, done.map(([what]) => what)]).toEqual([before, ['add']]);
  });

  it('takes turns from behind the last one, and is as done with a mail to nobody as with any', async () => {
    due = [[await mail(second, NOBODY)], [await mail(first, NOBODY), await mail(third, NOBODY)]];
    const before = await counted('nobody');
    mailer().onApplicationBootstrap();
    await until(() => settled.length === 3 && asked.length > 2);
    expect(settled).toContainEqual([third, 'sent']);
    expect([asked[1]?.after, asked[2]?.after, (await counted('nobody')) - before]).toEqual([second, first, 3]);
  });
});
