import { type ChildProcess, spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  Activate,
  ConfirmTotp,
  CreateInvitedAccount,
  EnrollTotp,
  ForgotPassword,
  IssueAccessGrant,
  Login,
  Refresh,
  ResetPassword,
  type RequestContract,
} from '@apollo/contracts';
import { type MailInbox, startMailInbox } from '@apollo/servers';
import { newId, runInTenantContext } from '@apollo/tenancy';
import {
  asPerson,
  asPlatform,
  testDatabase,
  type TestDatabase,
  testPeer,
  type TestPeer,
  testServers,
} from '@apollo/testing';
import { generateSync } from 'otplib';
import { identitySchema } from './identity.schema.js';
import { anAddress, claimsOf, codeOf, PASSWORD } from './spec/identity.world.spec.js';

const program = fileURLToPath(new URL('../dist/main.js', import.meta.url));

let test: TestDatabase;
let inbox: MailInbox;
let gateway: TestPeer;
let orgs: TestPeer;
let child: ChildProcess | undefined;
let log = '';

beforeAll(async () => {
  [test, inbox, gateway, orgs] = await Promise.all([
    testDatabase(identitySchema),
    startMailInbox(),
    testPeer('gateway'),
    testPeer('orgs'),
  ]);
});
afterAll(async () => {
  child?.kill('SIGKILL');
  await Promise.all([gateway.close(), orgs.close(), inbox.stop(), test.drop()]);
});

async function environment(): Promise<Record<string, string>> {
  const { folder, natsUrl, signingKeys, publicKeys } = testServers();
  const [own, all] = [join(folder, `identity-${newId()}.json`), join(folder, `public-${newId()}.json`)];
  await Promise.all([
    writeFile(own, JSON.stringify(signingKeys.identity)),
    writeFile(all, JSON.stringify({ keys: publicKeys })),
  ]);
  return {
    DATABASE_URL: test.appUrl,
    TENANCY_TAG_KEY: test.tagKey,
    NATS_URL: natsUrl,
    NATS_NKEY_FILE: join(folder, 'identity.nkey'),
    CONTEXT_SIGNING_KEY_FILE: own,
    CONTEXT_PUBLIC_KEYS_FILE: all,
    HEALTH_HOST: '127.0.0.1',
    HEALTH_PORT: '0',
    LOG_LEVEL: 'trace',
    SMTP_URL: inbox.smtpUrl,
    MAIL_FROM: 'no-reply@apollo.test',
    PUBLIC_URL: 'http://apollo.test/',
    IDENTITY_SEALING_KEY: '5e'.repeat(32),
  };
}

/** Starts the process and waits until it says that it is ready, or has ended. */
async function start(env: Record<string, string>): Promise<void> {
  log = '';
  child = spawn(process.execPath, [program], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (data: Buffer) => {
      log += data.toString();
    });
  while (!log.includes('"ready"') && child.exitCode === null) await sleep(50);
}

async function token(email: string, nth: number): Promise<string> {
  for (let tries = 0; tries < 400; tries += 1) {
    const mail = inbox.messages(email.toLowerCase()).filter(({ text }) => text.includes('#token='))[nth - 1];
    if (mail) return mail.links[0]?.split('#token=')[1] ?? '';
    await sleep(50);
  }
  throw new Error(`no mail to ${email}`);
}

it('logs no password, token, code, key or address on the way through everything, at the most talkative level', async () => {
  await start(await environment());
  const ask = <Q extends object, R extends object>(
    contract: RequestContract<Q, R>,
    payload: Q,
    operator?: string,
  ): Promise<R> => asPlatform(() => gateway.bus.request(contract, payload, { timeoutMs: 20_000 }), operator);
  const email = anAddress('canary');
  await ask(IssueAccessGrant, { email }, newId());
  const activation = await token(email, 1);
  const { id } = await ask(Activate, { token: activation, name: 'Canary Person', password: PASSWORD });
  const login = { email, password: PASSWORD, address: '192.0.2.44' };
  const pair = await ask(Login, login);
  await codeOf(ask(Login, { ...login, password: 'canary of a wrong password' }));
  const next = await ask(Refresh, { refresh_token: pair.refresh_token, address: login.address });
  await codeOf(ask(Refresh, { refresh_token: pair.refresh_token, address: login.address }));
  const { secret } = await asPerson(id, () => gateway.bus.request(EnrollTotp, { password: PASSWORD }));
  const code = generateSync({ secret });
  const { recovery_codes } = await asPerson(id, () => gateway.bus.request(ConfirmTotp, { code }));
  await codeOf(ask(Login, { ...login, totp_code: recovery_codes[0] ?? '' }));
  await ask(ForgotPassword, { email, address: login.address });
  const reset = await token(email, 2);
  await ask(ResetPassword, { token: reset, password: 'canary of a new password' });
  const context = { scope: 'platform', orgId: null, actor: 'system:orgs', role: 'system', requestId: newId() } as const;
  await codeOf(
    runInTenantContext(context, () =>
      orgs.bus.request(CreateInvitedAccount, { email, name: 'X', password: 'canary of an invited password' }),
    ),
  );

  const words = [
    email,
    email.toLowerCase(),
    'Canary Person',
    PASSWORD,
    'canary of',
    activation,
    reset,
    pair.refresh_token,
    next.refresh_token,
    pair.access_token,
    secret,
    ...recovery_codes,
  ];
  expect(claimsOf(pair.access_token)['sub']).toBe(id);
  for (const word of words) expect(log).not.toContain(word);
  const stored = JSON.stringify(
    await Promise.all(
      ['platform_commands', 'person_commands', 'security_events', 'throttles'].map((table) =>
        test.admin(`select * from identity.${table}`),
      ),
    ),
  );
  for (const word of [
    PASSWORD,
    'canary of',
    activation,
    reset,
    pair.refresh_token,
    pair.access_token,
    secret,
    ...recovery_codes,
  ])
    expect(stored).not.toContain(word);

  child?.kill('SIGTERM');
  while (child?.exitCode === null) await sleep(50);
  expect(child?.exitCode).toBe(0);
});

it.each(['IDENTITY_SEALING_KEY', 'PUBLIC_URL', 'SMTP_URL', 'TENANCY_TAG_KEY'])(
  'says in one line that %s is missing, and does not start',
  async (name) => {
    await start({ ...(await environment()), [name]: '' });
    while (child?.exitCode === null) await sleep(50);
    expect(child?.exitCode).toBe(1);
    expect(log.trim().split('\n')).toHaveLength(1);
    expect(log).toContain(name);
  },
);
