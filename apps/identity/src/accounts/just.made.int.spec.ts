import { ConfirmTotp, CreateInvitedAccount, EnrollTotp } from '@apollo/contracts';
import { generateSync } from 'otplib';
import { codeOf, IdentityWorld, PASSWORD, type TestPerson } from '../spec/identity.world.spec.js';

const WRONG = 'some other password 7';

let world: IdentityWorld;
beforeAll(async () => {
  world = await IdentityWorld.start('held');
});
afterAll(() => world.stop());

const accept = ({ email }: TestPerson, password: string): Promise<string> =>
  codeOf(world.asOrgs(CreateInvitedAccount, { email, name: 'Again', password }));

describe('an account that was just made by an invitation', () => {
  it('is guessed at no more often than by signing in, and together with that', async () => {
    const person = await world.person('guessed');
    const guesses: string[] = [];
    while (guesses.at(-1) !== 'rate_limited' && guesses.length < 20) guesses.push(await accept(person, WRONG));
    expect(guesses.slice(0, -1)).toEqual(Array(6).fill('state_conflict'));
    expect(await accept(person, PASSWORD)).toBe('rate_limited');
    expect(await codeOf(world.login(person))).toBe('rate_limited');
    world.pass(2_000);
    expect(await accept(person, PASSWORD)).toBe('ok');
    expect(await codeOf(world.login(person))).toBe('ok');
  });

  it('is not shut by whoever accepts for an account of long ago: nothing is guessed there', async () => {
    const person = await world.person('old');
    world.pass(16 * 60_000);
    for (let round = 0; round < 10; round++) expect(await accept(person, WRONG)).toBe('state_conflict');
    expect(await codeOf(world.login(person))).toBe('ok');
  });

  it('is opened by its password alone until it has a second factor', async () => {
    const person = await world.person('protected');
    expect(await accept(person, PASSWORD)).toBe('ok');
    const { secret } = await world.as(person, EnrollTotp, { password: PASSWORD });
    const code = generateSync({ secret, epoch: Math.floor(world.now().getTime() / 1000) });
    await world.as(person, ConfirmTotp, { code });
    expect(await accept(person, PASSWORD)).toBe('state_conflict');
  });
});
