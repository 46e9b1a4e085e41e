import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { DescribePerson, GetMe } from '@apollo/contracts';
import { anAddress, claimsOf, codeOf, IdentityWorld, PASSWORD, SEALING_KEY } from './spec/identity.world.spec.js';

const program = fileURLToPath(new URL('../dist/create-operator.js', import.meta.url));

let world: IdentityWorld;
beforeAll(async () => {
  world = await IdentityWorld.start();
});
afterAll(() => world.stop());

async function createOperator(email: string, password: string): Promise<{ ok: boolean; said: string }> {
  const env = {
    DATABASE_URL: world.test.appUrl,
    TENANCY_TAG_KEY: world.test.tagKey,
    IDENTITY_SEALING_KEY: SEALING_KEY,
    OPERATOR_EMAIL: email,
    OPERATOR_PASSWORD: password,
  };
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [program], { env, timeout: 60_000 });
    return { ok: true, said: stdout + stderr };
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    return { ok: false, said: stdout + stderr };
  }
}

it('creates an operator once, and leaves the password alone the second time', async () => {
  const email = anAddress('operator');
  expect(await createOperator(email, PASSWORD)).toMatchObject({ ok: true });
  const again = await createOperator(email.toUpperCase(), 'some other password 9');
  expect(again).toMatchObject({ ok: true });
  expect(again.said).not.toContain('some other password 9');
  const claims = claimsOf((await world.login({ email })).access_token);
  expect(claims['operator']).toBe(true);
  const me = await world.as({ id: String(claims['sub']) }, GetMe, {});
  expect(me).toMatchObject({ email, operator: true });
  expect((await world.asOrgs(DescribePerson, { id: me.id })).may_create_orgs).toBe(true);
  expect(await codeOf(world.login({ email }, { password: 'some other password 9' }))).toBe('invalid_credentials');
});

it('makes an operator of somebody who has an account', async () => {
  const person = await world.person();
  await createOperator(person.email, 'some other password 9');
  expect(claimsOf((await world.login(person)).access_token)['operator']).toBe(true);
});

it('refuses a bad password or address in one line without a secret in it', async () => {
  for (const [email, password] of [
    [anAddress('weak'), 'password1234'],
    ['no address', PASSWORD],
  ] as const) {
    const { ok, said } = await createOperator(email, password);
    expect(ok).toBe(false);
    expect(said.trim().split('\n')).toHaveLength(1);
    expect(said).not.toContain(password);
  }
  expect((await createOperator('', PASSWORD)).said).toMatch(/^[^\n]*OPERATOR_EMAIL is not set[^\n]*\n$/);
});
