import { connectNats, UnconfinedBusError } from '@apollo/messaging';
import { WrongRoleError } from '@apollo/tenancy/postgres';
import type { ServiceName } from '@apollo/contracts';
import type { ProcessConfig } from '../config.js';

/** Connects to the server that the configuration names. @throws Error that names NATS_URL, and shows no password */
export async function connectBus(
  name: ServiceName,
  { natsUrl, natsNkeyFile }: Pick<ProcessConfig, 'natsUrl' | 'natsNkeyFile'>,
): ReturnType<typeof connectNats> {
  return connectNats(name, natsUrl, natsNkeyFile).catch((error: unknown) => {
    const own = error instanceof UnconfinedBusError ? ` NATS_NKEY_FILE has to be the one of ${name}, too.` : '';
    throw new Error(`${natsProblem(natsUrl, error)}${own}`, { cause: error });
  });
}

/** What is wrong with the server of NATS_URL, in one line that names it and shows no password. */
export function natsProblem(natsUrl: string, error: unknown): string {
  const server = `NATS_URL (${natsUrl.replaceAll(/\/\/[^/@]*@/g, '//')})`;
  if (error instanceof UnconfinedBusError) return `${server} cannot be used. ${error.message}`;
  const isUnknown = error instanceof Error && error.name === 'AuthorizationError';
  const reason = isUnknown ? 'it does not know the key of this process' : reasonOf(error);
  return `${server} cannot be used: ${reason}. It must name a server that runs, with the generated configuration loaded.`;
}

/**
 * Does what a start does with the database of a variable.
 *
 * @throws Error that names the variable where nobody answers, or the role is another; anything else as it is
 */
export async function withDatabase<T>(variable: string, url: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const isOfTheUrl = error instanceof WrongRoleError || typeof (error as { code?: unknown }).code === 'string';
    throw isOfTheUrl ? new Error(databaseProblem(variable, url, error), { cause: error }) : error;
  }
}

/** What is wrong with the database of a variable, in one line that names it and shows no password. */
export function databaseProblem(variable: string, url: string, error: unknown): string {
  return `${variable} (${named(url)}) cannot be used: ${reasonOf(error)}.`;
}

/**
 * Opens a port.
 *
 * @param variables what its variables begin with: HTTP of HTTP_HOST and HTTP_PORT
 * @throws Error that names the variable at fault
 */
export async function listenAt<T>(
  variables: string,
  { host, port }: { readonly host: string; readonly port: number },
  listen: () => Promise<T>,
): Promise<T> {
  try {
    return await listen();
  } catch (error) {
    throw new Error(listenProblem(variables, host, port, error as NodeJS.ErrnoException), { cause: error });
  }
}

function listenProblem(variables: string, host: string, port: number, error: NodeJS.ErrnoException): string {
  if (error.code === 'EADDRINUSE') return `${variables}_PORT: port ${port} of ${host} is taken; name another.`;
  if (error.code === 'EACCES') return `${variables}_PORT: this account may not open port ${port}; name another.`;
  return `${variables}_HOST: ${host} is no address of this machine (${reasonOf(error)}).`;
}

function named(databaseUrl: string): string {
  if (!URL.canParse(databaseUrl)) return 'no URL';
  const { username, host } = new URL(databaseUrl);
  return `${decodeURIComponent(username)}@${host}`;
}

/** A refused connection to a name with several addresses has no message of its own, only a code. */
function reasonOf(error: unknown): string {
  const { message, code } = error as NodeJS.ErrnoException;
  return (message || code || String(error))
    .split('\n')
    .map((line) => line.trim())
    .join(' ')
    .replace(/\.$/, '');
}
