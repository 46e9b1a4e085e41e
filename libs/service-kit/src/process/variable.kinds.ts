import { readFileSync } from 'node:fs';
import { isUserSeed } from '@apollo/messaging';
import ipaddr from 'ipaddr.js';
import type { JWK } from 'jose';

/** What a variable of the environment must be, and how its text is read. */
export interface VariableKind<T> {
  /** Ends the sentence "it must be …", with an example where the form needs one. */
  readonly form: string;
  /** @returns the value, or undefined for a text that is not of the form */
  readonly read: (text: string) => T | undefined;
}

/** Anything at all. */
export const ANY_TEXT: VariableKind<string> = { form: 'some text', read: (text) => text };

/** The URL of a PostgreSQL database. */
export const DATABASE_URL: VariableKind<string> = {
  form: 'the URL of a database: postgres://<role>:<password>@<host>:<port>/<database>',
  read: (text) => (urlOf(text, ['postgres:', 'postgresql:']) ? text : undefined),
};

/** The URL of a NATS server, or those of a cluster's, divided by commas. */
export const NATS_URL: VariableKind<string> = {
  form: 'the URL of a server, nats://<host>:<port>, or several divided by commas',
  read: (text) => (text.split(',').every((each) => urlOf(each, ['nats:', 'tls:'])?.hostname) ? text : undefined),
};

/** The URL of a mail server. */
export const SMTP_URL: VariableKind<string> = {
  form: 'the URL of a mail server: smtp://<host>:<port>, or smtps://<user>:<password>@<host>',
  read: (text) => (urlOf(text, ['smtp:', 'smtps:'])?.hostname ? text : undefined),
};

/** Where pages, links or an API of HTTP begin; read without a slash at the end. */
export const WEB_ADDRESS: VariableKind<string> = {
  form: 'an address such as https://apollo.example, with no login, query or fragment',
  read: (text) => {
    const url = urlOf(text, ['http:', 'https:']);
    const isBare = url?.hostname && !url.username && !url.password && !/[?#\s]/.test(text);
    return isBare ? text.replace(/(?<!\/)\/+$/, '') : undefined;
  },
};

/** Whom mails come from, with or without a name. */
export const SENDER: VariableKind<string> = {
  form: 'a mail address, with or without a name: Apollo Space <no-reply@apollo.example>',
  read: (text) => {
    const address = /^[^<>\p{Cc}]*<([^<>]+)>$/u.exec(text)?.[1] ?? text;
    return /^[^\s<>@,;:"\p{Cc}]+@[^\s<>@,;:"\p{Cc}]+$/u.test(address) ? text : undefined;
  },
};

/** A secret of 256 bits. */
export const HEX_KEY: VariableKind<string> = {
  form: '64 hex digits',
  read: (text) => (/^[0-9a-f]{64}$/i.test(text) ? text : undefined),
};

/** True or false. */
export const FLAG: VariableKind<boolean> = {
  form: 'true or false',
  read: (text) => (text === 'true' ? true : text === 'false' ? false : undefined),
};

/** A port, 0 for any that is free. */
export const PORT = wholeNumber(0, 65_535, 'a port, 0 (any that is free) to 65535');

/** How much a process writes to its log. */
export const LOG_LEVEL = oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']);

/** Proxies whose `X-Forwarded-For` is believed. */
export const PROXIES: VariableKind<string> = {
  form: 'addresses or ranges divided by commas, such as 10.0.0.0/8, or loopback, linklocal or uniquelocal',
  read: (text) => (text.split(',').every((each) => isNetwork(each.trim())) ? text : undefined),
};

/** The path of a file with the seed of a NATS user's nkey. */
export const NKEY_FILE: VariableKind<string> = {
  form: 'the path of a file that can be read and holds the seed of an nkey (SU…)',
  read: (path) => (isUserSeed(textOf(path).trim()) ? path : undefined),
};

/** The path of a file with a private Ed25519 key, which is read. */
export const SIGNING_KEY_FILE: VariableKind<JWK> = {
  form: 'the path of a file that can be read and holds a private Ed25519 key as JWK',
  read: (path) => {
    const key = jsonOf(path) as Partial<JWK> | undefined;
    return key?.crv === 'Ed25519' && typeof key.x === 'string' && typeof key.d === 'string' ? (key as JWK) : undefined;
  },
};

/** The path of a file with the public keys of all services, which are read. */
export const PUBLIC_KEYS_FILE: VariableKind<readonly JWK[]> = {
  form: 'the path of a file that can be read and holds the public keys of all services as JWKS',
  read: (path) => {
    const keys = (jsonOf(path) as { keys?: unknown } | undefined)?.keys;
    return Array.isArray(keys) && keys.length > 0 ? (keys as JWK[]) : undefined;
  },
};

/** A whole number between two, both of them included. @param form where there is more to say than the bounds */
export function wholeNumber(
  least: number,
  most: number,
  form = `a whole number from ${least} to ${most}`,
): VariableKind<number> {
  return {
    form,
    read: (text) => {
      const value = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
      return value >= least && value <= most ? value : undefined;
    },
  };
}

/** One of a few words. */
export function oneOf<Word extends string>(words: readonly [Word, Word, ...Word[]]): VariableKind<Word> {
  return {
    form: `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`,
    read: (text) => words.find((word) => word === text),
  };
}

/** Undefined for what is no URL of these protocols, and for one whose login cannot be decoded. */
function urlOf(text: string, protocols: readonly string[]): URL | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  try {
    decodeURIComponent(url.username + url.password);
  } catch {
    return undefined;
  }
  return protocols.includes(url.protocol) ? url : undefined;
}

/**
 * The path of a file with JSON, which is read.
 *
 * @param form as of a kind
 * @param read gives undefined for what is not of the form
 */
export function jsonFile<T>(form: string, read: (json: unknown) => T | undefined): VariableKind<T> {
  return { form, read: (path) => read(jsonOf(path)) };
}

/** As Fastify reads them, which believes nobody where a range has no bits. */
function isNetwork(text: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(text)) return true;
  const [address = '', range, ...more] = text.split('/');
  if (more.length > 0 || !isAddress(address)) return false;
  if (range === undefined) return true;
  const isIPv4 = ipaddr.parse(address).kind() === 'ipv4';
  if (isIPv4 && ipaddr.IPv4.isValidFourPartDecimal(range))
    return (ipaddr.IPv4.parse(range).prefixLengthFromSubnetMask() ?? 0) > 0;
  return /^[1-9]\d{0,2}$/.test(range) && Number(range) <= (isIPv4 ? 32 : 128);
}

function isAddress(text: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text);
}

function jsonOf(path: string): unknown {
  try {
    return JSON.parse(textOf(path));
  } catch {
    return undefined;
  }
}

/** Nothing where there is no such file, or where it may not be read. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
