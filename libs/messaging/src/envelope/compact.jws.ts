import { createPrivateKey, createPublicKey, type JsonWebKey, type KeyObject, sign, verify } from 'node:crypto';
import type { JWK } from 'jose';

/*
 * The compact serialization of JSON Web Signatures (RFC 7515) under Ed25519, the same that jose makes and reads. Made
 * here, because tokens and events are signed and verified on the way of a request: WebCrypto, which jose uses, hands
 * each signature to a thread and back, and that takes several times as long as the signature does.
 */

/** Ed25519 names its own digest. */
const NO_DIGEST = null;
const SHAPE = /^([A-Za-z0-9_-]{1,300})\.([A-Za-z0-9_-]{1,2000})\.([A-Za-z0-9_-]{86})$/;

/** What the header of a signature may say. */
export interface JwsHeader {
  /** Id of the key; see `serviceOf`. */
  readonly kid: string;
  /** What is signed, where the same keys sign several kinds of things. */
  readonly typ?: string;
}

/**
 * Claims whose signature holds, and the key that signed them. Whether they may be believed is for the caller to say.
 */
export interface OpenedClaims {
  readonly kid: string;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** The key as Node knows it. @param jwk private Ed25519 key */
export function privateKeyOf(jwk: JWK): KeyObject {
  return createPrivateKey({ key: jwk as JsonWebKey, format: 'jwk' });
}

/**
 * Public keys by their ids. A service has several while they are being exchanged.
 *
 * @param jwks Ed25519 keys; `kid` is the service's name, or begins with it and a dot
 * @throws Error when two keys have one id
 */
export function publicKeysOf(jwks: readonly JWK[]): ReadonlyMap<string, KeyObject> {
  const keys = new Map(
    jwks.map((jwk) => [String(jwk.kid), createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' })] as const),
  );
  if (keys.size < jwks.length) throw new Error('two public keys have one id');
  return keys;
}

/** The service that the key with this id belongs to. */
export function serviceOf(kid: string): string {
  return kid.split('.', 1)[0] as string;
}

/** The id of a service's own key: its name where the key has none. @throws Error for a key of another service */
export function keyIdOf(service: string, { kid = service }: JWK): string {
  if (serviceOf(kid) !== service) throw new Error(`the signing key ${kid} is none of ${service}`);
  return kid;
}

/** Header and claims, encoded: what is signed. There is one text for the same header and claims. */
export function jwsText({ kid, typ }: JwsHeader, claims: object): string {
  return `${encoded({ alg: 'EdDSA', kid, typ })}.${encoded(claims)}`;
}

/** The text with its signature. @param key private Ed25519 key */
export function signText(text: string, key: KeyObject): string {
  return `${text}.${sign(NO_DIGEST, Buffer.from(text), key).toString('base64url')}`;
}

/** Whether `key`, and it must be a public Ed25519 key, made this signature of the text. */
export function signatureHolds(text: string, signature: string, key: KeyObject | undefined): boolean {
  return (
    key?.asymmetricKeyType === 'ed25519' &&
    verify(NO_DIGEST, Buffer.from(text), key, Buffer.from(signature, 'base64url'))
  );
}

/**
 * Opens signed claims. The header must name EdDSA, a known key and the wanted type, and nothing else: no other
 * algorithm, no key of its own, no extension.
 *
 * @param keyOf the public Ed25519 key with this id
 * @param wanted the type that the header must name; none when left out
 * @throws Error for anything else
 */
export function openClaims(
  token: string,
  keyOf: (kid: string) => KeyObject | undefined,
  wanted?: string,
): OpenedClaims {
  const [, header = '', claims = '', signature = ''] = SHAPE.exec(token) ?? [];
  const { alg, kid, typ, ...more } = decoded(header);
  if (alg !== 'EdDSA' || typeof kid !== 'string' || typ !== wanted || Object.keys(more).length > 0)
    throw new Error('not a token of ours');
  if (!signatureHolds(`${header}.${claims}`, signature, keyOf(kid))) throw new Error('the signature does not hold');
  return { kid, claims: decoded(claims) };
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function decoded(text: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as Record<string, unknown>;
}
