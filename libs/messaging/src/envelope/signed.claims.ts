import { type KeyObject, sign, verify } from 'node:crypto';

/*
 * The compact JWS (RFC 7515) of JSON claims under Ed25519, as jose makes it. Made here because tokens are signed and
 * verified on the way of a request: WebCrypto, which jose uses, hands each signature to a thread and back, and that
 * costs several times what the signature does.
 */

const shape = /^([A-Za-z0-9_-]{1,300})\.([A-Za-z0-9_-]{1,2000})\.([A-Za-z0-9_-]{86})$/;

/** Claims whose signature holds, and the key that signed them. Whether they may be believed is for the caller to say. */
export interface OpenedClaims {
  readonly protectedHeader: { readonly kid: string };
  readonly payload: Readonly<Record<string, unknown>>;
}

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const decoded = (text: string): Record<string, unknown> => JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as Record<string, unknown>;

/** Signs claims with a private Ed25519 key. */
export function signClaims(claims: object, kid: string, key: KeyObject): string {
  const signed = `${encoded({ alg: 'EdDSA', kid })}.${encoded(claims)}`;
  return `${signed}.${sign(null, Buffer.from(signed), key).toString('base64url')}`;
}

/**
 * Opens what `signClaims` or jose made. The header must name EdDSA and a known key and nothing else: no other
 * algorithm, no key of its own, no extension.
 *
 * @param keyOf the public Ed25519 key with this id
 * @throws Error for anything else
 */
export function openClaims(token: string, keyOf: (kid: string) => KeyObject | undefined): OpenedClaims {
  const [, head = '', body = '', signature = ''] = shape.exec(token) ?? [];
  const { alg, kid, ...more } = decoded(head);
  const key = alg === 'EdDSA' && typeof kid === 'string' && Object.keys(more).length === 0 ? keyOf(kid) : undefined;
  if (key?.asymmetricKeyType !== 'ed25519') throw new Error('not a token of ours');
  if (!verify(null, Buffer.from(`${head}.${body}`), key, Buffer.from(signature, 'base64url'))) throw new Error('the signature does not hold');
  return { protectedHeader: { kid: kid as string }, payload: decoded(body) };
}
