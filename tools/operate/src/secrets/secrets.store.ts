import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { DEPLOY } from '@apollo/messaging';
import { StartFailure } from '@apollo/servers';
import { createUser } from '@nats-io/nkeys';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { byRole, type ByRole, DATABASE_SERVICES, SERVICES } from '../services/service.catalog.js';

/** Everything secret of one platform on this machine, made once and kept in `secrets.json`, mode 600. */
export interface Secrets {
  /** Passwords of the database roles, by service. */
  readonly databasePasswords: Record<string, ByRole>;
  /** 64 hex digits by service. */
  readonly tagKeys: Record<string, string>;
  /**
   * By service, while its tag key is being exchanged: the one it does not use, no more or not yet. The database knows
   * both.
   */
  readonly otherTagKeys: Record<string, { readonly key: string; readonly isNew?: boolean }>;
  /** By service, and for deploying streams: what it proves itself with to NATS, and what the server knows it by. */
  readonly natsKeys: Record<string, { readonly seed: string; readonly publicKey: string }>;
  /** By name: outsiders that may receive one organization's events. */
  readonly eventReaders: Record<string, { readonly orgId: string; readonly seed: string; readonly publicKey: string }>;
  /** By service: the private key its messages are signed with. */
  readonly contextKeys: Record<string, JWK>;
  /**
   * By service, while its keys are being exchanged: the pair it does not use, no more or not yet. Both are known to
   * all.
   */
  readonly otherKeys: Record<string, ServiceKeys & { readonly isNew?: boolean }>;
  /** 64 hex digits. */
  readonly sealingKey: string;
  readonly operator: { readonly email: string; readonly password: string };
  /** Passwords of the demo logins, by address; made when first asked for. */
  readonly demoPasswords: Record<string, string>;
}

/** What a service proves itself with: to NATS, and to whom it sends messages. */
export interface ServiceKeys {
  readonly nats: { readonly seed: string; readonly publicKey: string };
  readonly context: JWK;
}

/**
 * Reads the file, adds what a newer version needs and does not find, and writes it back if anything was added.
 */
export async function loadSecrets(file: string): Promise<Secrets> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{}';
    throw error;
  });
  const secrets = await completed(parse(text, file));
  await saveSecrets(file, secrets, text);
  return secrets;
}

/** The password of a demo login, made and saved on first use. */
export async function demoPassword(file: string, secrets: Secrets, email: string): Promise<string> {
  const known = secrets.demoPasswords[email];
  if (known !== undefined) return known;
  const made = (secrets.demoPasswords[email] = newPassword());
  await saveSecrets(file, secrets);
  return made;
}

async function completed(known: Partial<Secrets>): Promise<Secrets> {
  const all = SERVICES.map(({ name }) => name);
  const withDatabase = DATABASE_SERVICES.map(({ name }) => name);
  return {
    databasePasswords: Object.fromEntries(
      withDatabase.map((name) => [
        name,
        byRole(name, (role) => known.databasePasswords?.[name]?.[role] ?? newPassword()),
      ]),
    ),
    tagKeys: await filled(withDatabase, known.tagKeys, newKey),
    otherTagKeys: known.otherTagKeys ?? {},
    natsKeys: await filled([...all, DEPLOY], known.natsKeys, newNkey),
    eventReaders: known.eventReaders ?? {},
    contextKeys: await filled(all, known.contextKeys, newSigningKey),
    otherKeys: known.otherKeys ?? {},
    sealingKey: known.sealingKey ?? newKey(),
    operator: known.operator ?? { email: 'operator@apollo.test', password: newPassword() },
    demoPasswords: known.demoPasswords ?? {},
  };
}

async function filled<T>(
  names: readonly string[],
  known: Record<string, T> | undefined,
  make: (name: string) => T | Promise<T>,
): Promise<Record<string, T>> {
  const entries = names.map(async (name): Promise<[string, T]> => [name, known?.[name] ?? (await make(name))]);
  return { ...known, ...Object.fromEntries(await Promise.all(entries)) };
}

/** A key to sign messages with. @param id the service's name, or what begins with it and a dot */
export async function newSigningKey(id: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  return { ...(await exportJWK(privateKey)), kid: id, alg: 'EdDSA', use: 'sig' };
}

/** A key to prove oneself with to NATS. */
export function newNkey(): { seed: string; publicKey: string } {
  const pair = createUser();
  return { seed: new TextDecoder().decode(pair.getSeed()), publicKey: pair.getPublicKey() };
}

/** A password that nobody guesses and that needs no quotes in a shell. */
export function newPassword(): string {
  return randomBytes(15).toString('base64url');
}

/** 64 hex digits that nobody guesses. */
export function newKey(): string {
  return randomBytes(32).toString('hex');
}

function parse(text: string, file: string): Partial<Secrets> {
  try {
    return JSON.parse(text) as Partial<Secrets>;
  } catch (error) {
    throw new StartFailure(`${file} is not JSON any more: restore it, or delete its folder to start afresh.`, {
      cause: error,
    });
  }
}

/** Writes the file if it has changed. @param before its text when it was read */
export async function saveSecrets(file: string, secrets: Secrets, before?: string): Promise<void> {
  const text = `${JSON.stringify(secrets, undefined, 2)}\n`;
  if (text === before) return;
  // Written beside and moved, so that a full disk or a kill never leaves half of the only copy.
  await writeFile(`${file}.new`, text, { mode: 0o600 });
  await rename(`${file}.new`, file);
}
