import { Writable } from 'node:stream';
import { type MailInbox, startMailInbox } from '@apollo/servers';
import { newId } from '@apollo/tenancy';
import { testDatabase, type TestDatabase, twoOrgs, until } from '@apollo/testing';
import { pino } from 'pino';
import { register } from 'prom-client';
import { kitSchema } from '../start/kit.world.spec.js';
import { Mailer, type MailerOptions } from './mailer.js';

/** "Not yet", and "never". */
const [LATER, NEVER] = [451, 550];

describe('a mailer', () => {
  const [a, b] = twoOrgs();
  const settled: [string, string][] = [];
  const lines: string[] = [];
  const logger = pino({}, new Writable({ write: (line, _, done) => (lines.push(String(line)), done()) }));
  let test: TestDatabase;
  let inbox: MailInbox;
  let mailers: Mailer[] = [];

  beforeAll(async () => {
    test = await testDatabase(await kitSchema());
    inbox = await startMailInbox();
  });
  beforeEach(() => void (settled.length = lines.length = 0));
  afterEach(async () => {
    await Promise.all(mailers.map((each) => each.onApplicationShutdown()));
    mailers = [];
    inbox.judge(() => undefined);
    await test.admin('delete from specimen.mails');
  });
  afterAll(async () => {
    await inbox?.stop();
    await test?.drop();
  });

  function mailer(change: Partial<MailerOptions> = {}): Mailer {
    const made = new Mailer({
      service: 'orgs',
      schema: 'specimen',
      database: test.database,
      logger,
      smtpUrl: inbox.smtpUrl,
      from: 'Kit <kit@example.test>',
      secretHex: 'e5'.repeat(32),
      settled: async ({ id, turn }, outcome) => void settled.push([`${turn} ${id}`, outcome]),
      ...change,
    });
    mailers.push(made);
    return made;
  }
  const address = (): string => `${newId().slice(-12)}@example.test`;
  const mail = (to: string, id = newId(), turn = a.id) => ({ id, turn, to, subject: 'Welcome', text: 'A line.' });
  const post = (of: Mailer, posted: Parameters<Mailer['post']>[0]): Promise<void> =>
    a.as(() => test.database.transaction(() => of.post(posted)));
  const waiting = (): Promise<Record<string, unknown>[]> => test.admin('select * from specimen.mails');
  const counted = async (outcome: string): Promise<number> =>
    (await register.getSingleMetric('apollo_mails_total')?.get())?.values.find(
      ({ labels }) => labels['outcome'] === outcome,
    )?.value ?? 0;

  it('sends what was written down once that is committed, as it was written, and tells so with its row’s end', async () => {
    const sending = mailer();
    sending.onApplicationBootstrap();
    const [to, never] = [address(), address()];
    const rolledBack = a.as(() =>
      test.database.transaction(async () => {
        await sending.post(mail(never));
        throw new Error('not after all');
      }),
    );
    await expect(rolledBack).rejects.toThrow('not after all');
    const before = await counted('sent');
    const posted = mail(to);
    await post(sending, posted);
    await until(() => settled.length > 0);
    expect(inbox.messages(to)).toMatchObject([{ subject: 'Welcome', text: expect.stringContaining('A line.') }]);
    expect(settled).toEqual([[`${a.id} ${posted.id}`, 'sent']]);
    expect([await waiting(), inbox.messages(never), (await counted('sent')) - before]).toEqual([[], [], 1]);
  });

  it('keeps a mail sealed in its row for as long as it is worth something, a day at most', async () => {
    const quiet = mailer();
    await post(quiet, { ...mail(address()), lifetimeMs: 60_000 });
    await post(quiet, mail('never-read@example.test'));
    await post(quiet, { ...mail(address()), lifetimeMs: 10 * 86_400_000 });
    const rows = await test.admin(
      'select sealed, turn, attempts, round(extract(epoch from until - now()) / 60) as minutes from specimen.mails order by until, id',
    );
    expect(rows.map(({ minutes }) => Number(minutes))).toEqual([1, 1_440, 1_440]);
    for (const row of rows) {
      expect(row).toMatchObject({
        turn: a.id,
        attempts: 0,
        sealed: expect.stringMatching(/^[\w-]+\.\.[\w-]+\.[\w-]+\.[\w-]+$/),
      });
      expect(row['sealed']).not.toContain('never-read');
    }
  });

  it('takes a mail back that waits, and says whether it did', async () => {
    const quiet = mailer();
    const posted = mail(address());
    await post(quiet, posted);
    const withdraw = (): Promise<boolean> => a.as(() => test.database.transaction(() => quiet.withdraw(posted)));
    expect([await withdraw(), await withdraw(), await waiting()]).toEqual([true, false, []]);
  });

  it('takes back none that waits in the turn of another organization, whoever names its id', async () => {
    const quiet = mailer();
    const posted = mail(address());
    await post(quiet, posted);
    const withdraw = (): Promise<boolean> => quiet.withdraw({ id: posted.id, turn: b.id });
    expect(await b.as(() => test.database.transaction(withdraw))).toBe(false);
    expect(await waiting()).toMatchObject([{ id: posted.id, turn: a.id }]);
  });

  it('tries again what the server takes later, with a pause that grows, others’ turns meanwhile', async () => {
    const [late, to] = [address(), address()];
    inbox.judge((recipient) => (recipient === late ? LATER : undefined));
    const sending = mailer();
    const [first, other] = [mail(late), mail(to, newId(), b.id)];
    await post(sending, first);
    sending.onApplicationBootstrap();
    const row = async () =>
      (await test.admin('select attempts, due_at > now() as put_off from specimen.mails where id = $1', [first.id]))[0];
    await until(async () => (await row())?.['put_off'] === true && (await counted('later')) > 0);
    await post(sending, other);
    await until(() => settled.length > 0);
    expect(settled).toEqual([[`${b.id} ${other.id}`, 'sent']]);
    const pauses: number[] = [];
    for (const attempts of [1, 3, 12]) {
      await test.admin('update specimen.mails set attempts = $1, due_at = now() where id = $2', [
        attempts - 1,
        first.id,
      ]);
      await until(async () => {
        const [seen] = await test.admin(
          `select extract(epoch from due_at - now())::float8 as seconds from specimen.mails where attempts = $1 and due_at - now() <> interval '5 minutes'
           and due_at > now() and extract(epoch from due_at - now()) not between 250 and 300`,
          [attempts],
        );
        if (seen) pauses.push(Number(seen['seconds']));
        return seen !== undefined;
      });
    }
    const [once = 0, thrice = 0, often = 0] = pauses;
    expect([once > 0 && once <= 2, thrice > 4 && thrice <= 8, often > 3_500 && often <= 3_600]).toEqual([
      true,
      true,
      true,
    ]);
    inbox.judge(() => undefined);
    await test.admin('update specimen.mails set due_at = now()');
    await until(() => settled.length > 1);
    expect(inbox.messages(late)).toHaveLength(1);
  }, 60_000);

  it('gives up what no server will have, and what is worth nothing any more, and says so', async () => {
    const [refused, late] = [address(), address()];
    inbox.judge((recipient) => (recipient === refused ? NEVER : undefined));
    const sending = mailer();
    const [never, old] = [mail(refused), mail(late, newId(), b.id)];
    await post(sending, never);
    await post(sending, { ...old, lifetimeMs: 0 });
    const before = await counted('failed');
    sending.onApplicationBootstrap();
    await until(() => settled.length > 1);
    expect(new Map(settled)).toEqual(
      new Map([
        [`${a.id} ${never.id}`, 'failed'],
        [`${b.id} ${old.id}`, 'failed'],
      ]),
    );
    expect([await waiting(), inbox.messages(late), (await counted('failed')) - before]).toEqual([[], [], 2]);
    const said = lines.map((line) => JSON.parse(line) as object);
    expect(said).toContainEqual(expect.objectContaining({ mail: never.id, turn: a.id, why: 'refused', attempts: 1 }));
    expect(said).toContainEqual(expect.objectContaining({ mail: old.id, turn: b.id, why: 'late' }));
  });

  it('leaves no mail in its row because nobody could be told of it', async () => {
    const sending = mailer({ settled: () => Promise.reject(new Error('nobody listens')) });
    const posted = mail(address());
    await post(sending, posted);
    sending.onApplicationBootstrap();
    await until(async () => (await waiting()).length === 0);
    await until(() => lines.length > 0);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ mail: posted.id, error: { name: 'Error' } });
    expect(inbox.messages(posted.to)).toHaveLength(1);
  });

  it('leaves to another process what it cannot open, and what it cannot hand to any server', async () => {
    const other = mailer({ secretHex: 'f6'.repeat(32) });
    const unreachable = mailer({ smtpUrl: 'smtp://127.0.0.1:1', secretHex: 'f6'.repeat(32) });
    const posted = mail(address());
    await post(other, posted);
    const later = await counted('later');
    mailer().onApplicationBootstrap();
    await until(async () => (await counted('later')) > later);
    expect(inbox.messages(posted.to)).toEqual([]);
    await mailers.at(-1)?.onApplicationShutdown();
    await test.admin('update specimen.mails set due_at = now()');
    const before = await counted('unreachable');
    unreachable.onApplicationBootstrap();
    await until(async () => (await counted('unreachable')) > before);
    expect([(await waiting()).length, settled]).toEqual([1, []]);
    await unreachable.onApplicationShutdown();
    await test.admin('update specimen.mails set due_at = now()');
    other.onApplicationBootstrap();
    await until(() => settled.length > 0);
    expect(inbox.messages(posted.to)).toHaveLength(1);
  }, 60_000);

  it('goes round the turns, one mail of each at a time and four at once', async () => {
    const turns = Array.from({ length: 6 }, () => newId());
    const sending = mailer();
    for (const turn of turns) for (let nth = 0; nth < 2; nth++) await post(sending, mail(address(), newId(), turn));
    const gate = Promise.withResolvers<void>();
    let [underWay, most] = [0, 0];
    inbox.judge(async () => {
      most = Math.max(most, (underWay += 1));
      if (underWay === 4) gate.resolve();
      await gate.promise;
      underWay -= 1;
      return undefined;
    });
    sending.onApplicationBootstrap();
    await until(() => settled.length === 12);
    const order = settled.map(([which]) => which.split(' ')[0]);
    expect([most, new Set(order.slice(0, 6)).size]).toEqual([4, 6]);
  });
});
