import { readFile, rename, writeFile } from 'node:fs/promises';
import { DEPLOY } from '@apollo/messaging';
import { type ByRole, byRole, DATABASE_SERVICES, deployNkeyFile, roleUrl } from '@apollo/operate';
import { identify, LOOPBACK, StartFailure } from '@apollo/servers';
import { gatewayUrl, type Surroundings } from './service.environment.js';

/** A demo login, and what it may do where as it was made: what somebody has changed since is not looked up. */
export interface RunningUser {
  readonly email: string;
  readonly password: string;
  readonly orgs: readonly { readonly slug: string; readonly role: string }[];
  /** Whether an operator gave its address an access grant. */
  readonly mayCreateOrgs: boolean;
}

/** What `running.json` says about a running platform, for scripts, the demo and end-to-end specs. */
export interface Running {
  /** Base URL of the HTTP API. */
  readonly gateway: string;
  /** Base URL of the local inbox; `GET /api/messages` on it. */
  readonly mail: string;
  readonly operator: { readonly email: string; readonly password: string };
  readonly users: readonly RunningUser[];
  /** Connection URLs: the administrator's, and by service and role. */
  readonly postgres: { readonly admin: string; readonly [service: string]: string | ByRole };
  /** The server and, by service, the path of the file with its nkey seed. */
  readonly nats: { readonly url: string; readonly credentials: Readonly<Record<string, string>> };
  /** Base URLs of the services' health servers. */
  readonly health: Readonly<Record<string, string>>;
  readonly pids: Readonly<Record<string, number>>;
}

/** Writes the file, mode 600, in one move. */
export async function writeRunning(file: string, running: Running): Promise<void> {
  await writeFile(`${file}.new`, `${JSON.stringify(running, undefined, 2)}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
}

/** Reads the file of a running platform. @throws StartFailure when there is none, or its runner was killed */
export async function readRunning(file: string): Promise<Running> {
  const running = await noted(file);
  const runner = running.pids['runner'];
  if (runner === undefined || identify(runner) === undefined)
    throw new StartFailure('What ran here was killed: start it again with "npm start" in another terminal.');
  return running;
}

async function noted(file: string): Promise<Running> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Running;
  } catch (error) {
    throw new StartFailure(`Nothing runs here (there is no ${file}): start it with "npm start" in another terminal.`, {
      cause: error,
    });
  }
}

/** Puts together what is said about a platform whose parts all run. */
export function describePlatform(parts: {
  readonly around: Surroundings;
  readonly mail: string;
  readonly users: readonly RunningUser[];
  readonly pids: Readonly<Record<string, number>>;
}): Running {
  const { around } = parts;
  const urls = DATABASE_SERVICES.map(({ name }): [string, ByRole] => [
    name,
    byRole(name, (role) => roleUrl(around, name, role)),
  ]);
  return {
    gateway: gatewayUrl(around.gatewayPort),
    mail: parts.mail,
    operator: around.secrets.operator,
    users: parts.users,
    postgres: { admin: around.adminUrl, ...Object.fromEntries(urls) },
    nats: {
      url: around.natsUrl,
      credentials: {
        ...Object.fromEntries(Object.entries(around.keyFiles).map(([name, { nkey }]) => [name, nkey])),
        [DEPLOY]: deployNkeyFile(around.layout.keys),
      },
    },
    health: Object.fromEntries(
      Object.entries(around.healthPorts).map(([name, port]) => [name, `http://${LOOPBACK}:${port}`]),
    ),
    pids: parts.pids,
  };
}
