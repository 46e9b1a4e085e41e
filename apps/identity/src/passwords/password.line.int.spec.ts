import {
  Activate,
  CreateInvitedAccount,
  EnrollTotp,
  ForgotPassword,
  IssueAccessGrant,
  ResetPassword,
} from '@apollo/contracts';
import { newId } from '@apollo/tenancy';
import { until } from '@apollo/testing';
import { anAddress, codeOf, IdentityWorld, PASSWORD, type TestPerson } from '../spec/identity.world.spec.js';

/** Passwords that are asked for at once: as many as take two cores more than a second. */
const CROWD = 40;
const [THEIRS, OURS] = ['192.0.2.1', '198.51.100.1'];
const NEXT = 'quite another password';

let world: IdentityWorld;
let visitor: TestPerson;
beforeAll(async () => {
  world = await IdentityWorld.start('held');
  visitor = await world.person('visitor');
});
afterAll(() => world.stop());

const times = <T>(one: (n: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: CROWD }, (_, n) => one(n)));
const forgot = (email: string, nth: number): Promise<object> =>
  world.ask(ForgotPassword, { email, address: `203.0.113.${nth}` });

/** What a crowd does to have many passwords hashed at once, each for somebody else, and what each of it does. */
const CROWDS: [string, () => Promise<() => Promise<unknown>[]>][] = [
  [
    'whom one organization invited',
    async () => {
      const [emails, invited_by] = [await times((n) => Promise.resolve(anAddress(`crowd${n}`))), newId()];
      return () =>
        emails.map((email) =>
          world.asOrgs(CreateInvitedAccount, { email, name: 'Crowd', password: PASSWORD, invited_by }),
        );
    },
  ],
  [
    'who came in by an operator’s links, in one network',
    async () => {
      const emails = await times(async (n) => {
        const email = anAddress(`granted${n}`);
        await world.ask(IssueAccessGrant, { email }, { operator: world.operator });
        return email;
      });
      const tokens = await Promise.all(emails.map((email) => world.token(email)));
      return () =>
        tokens.map((token) => world.ask(Activate, { token, name: 'Crowd', password: PASSWORD, address: THEIRS }));
    },
  ],
  [
    'who forgot their passwords, in one network',
    async () => {
      const people = await times((n) => world.person(`forgetful${n}`));
      await Promise.all(people.map(({ email }, nth) => forgot(email, nth)));
      const tokens = await Promise.all(people.map(({ email }) => world.token(email)));
      return () => tokens.map((token) => world.ask(ResetPassword, { token, password: NEXT, address: THEIRS }));
    },
  ],
  [
    'who are signed in, in one network',
    async () => {
      const people = await times((n) => world.person(`signed${n}`));
      return () => people.map((person) => world.as(person, EnrollTotp, { password: PASSWORD, address: THEIRS }));
    },
  ],
];

describe.each(CROWDS)('while a crowd of people %s has passwords hashed', (_who, prepare) => {
  it('H31 signs in whoever is none of them in turn, and keeps no connection while they wait', async () => {
    const begin = await prepare();
    // Whoever has had a turn comes behind those who had none.
    await world.login(visitor, { address: OURS });
    let done = 0;
    const crowd = begin().map((one) => one.finally(() => (done += 1)));
    const all = Promise.allSettled(crowd);
    // By then what comes before a hash is over for most of them.
    await until(() => done > 3);
    const doneWhenAsked = done;
    const signedIn = codeOf(world.login(visitor, { address: OURS })).then((code) => ({ code, done }));
    const open = Math.min(await openTransactions(), await openTransactions(), await openTransactions());
    const { code, done: doneThen } = await signedIn;
    expect(code).toBe('ok');
    expect(open).toBeLessThan(CROWD / 4);
    // In a line of its own, whoever comes last is done when all the others are, however slow the machine.
    expect(doneThen - doneWhenAsked).toBeLessThan(((CROWD - doneWhenAsked) * 3) / 4);
    expect((await all).filter(({ status }) => status === 'rejected')).toEqual([]);
  });
});

/** Transactions of the service that are open: each holds the lock on its own id, whatever it waits for. */
async function openTransactions(): Promise<number> {
  const [row] = await world.test.admin(
    `select count(distinct pid)::int as open from pg_locks join pg_stat_activity a using (pid)
     where locktype = 'virtualxid' and usename = 'identity_app' and a.datname = current_database()`,
  );
  return Number(row?.['open']);
}
