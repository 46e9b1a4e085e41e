import { type KeyObject, randomBytes } from 'node:crypto';
import { DomainError, type ServiceName } from '@apollo/contracts';
import type { JWK } from 'jose';
import { LRUCache } from 'lru-cache';
import {
  jwsText,
  keyIdOf,
  privateKeyOf,
  publicKeysOf,
  serviceOf,
  signatureHolds,
  signText,
} from '../envelope/compact.jws.js';
import { hashTree, rootOf } from './hash.tree.js';

/** Tells a seal from a context token, which the same keys sign. */
const TYPE = 'event+jwt';
/** Between the signature, the salt, and each step from an event to what is signed. */
const BETWEEN = '~';
const SALT_BYTES = 16;

/** What a seal vouches for: one event, down to its last byte. It never expires; consumers handle an event once. */
export interface SignedEvent {
  readonly org: string;
  readonly id: string;
  readonly type: string;
  readonly entityId: string;
  readonly entityVersion: number;
  readonly body: string;
}

/**
 * Signs events of one service, those that are published together with one signature: of the root of the hash tree over
 * them. A seal is that JSON Web Signature, the event's salt, and the path from the event to the root. The hashes in a
 * path tell nobody of the other events, not even whether a guess is right: each of them has a salt in it.
 */
export class EventSigner {
  private readonly key: KeyObject;
  private readonly kid: string;

  /** @param jwk private Ed25519 key of the service */
  constructor(
    private readonly service: ServiceName,
    jwk: JWK,
  ) {
    this.key = privateKeyOf(jwk);
    this.kid = keyIdOf(service, jwk);
  }

  /** @param events one or more @returns the seal of each, in their order */
  sign(events: readonly SignedEvent[]): string[] {
    const salted = events.map((event) => ({ event, salt: randomBytes(SALT_BYTES).toString('base64url') }));
    const { root, paths } = hashTree(salted.map(({ event, salt }) => textOf(event, salt)));
    const signed = signText(signedText(this.kid, this.service, root), this.key);
    return salted.map(({ salt }, at) => [signed, salt, ...(paths[at] ?? [])].join(BETWEEN));
  }
}

/** Verifies events of every service. */
export class EventVerifier {
  private readonly keys: ReadonlyMap<string, KeyObject>;
  /** The ids of each service's keys. */
  private readonly ids = new Map<string, string[]>();
  /** Signatures that hold, with what they sign: many events share one. */
  private readonly holding = new LRUCache<string, true>({ max: 1_000 });

  /** @param jwks public Ed25519 keys of every service; see `publicKeysOf` */
  constructor(jwks: readonly JWK[]) {
    this.keys = publicKeysOf(jwks);
    for (const kid of this.keys.keys()) this.ids.set(serviceOf(kid), [...(this.ids.get(serviceOf(kid)) ?? []), kid]);
  }

  /** @throws DomainError `message_rejected` unless `service` sealed exactly this event */
  verify(seal: string, service: ServiceName, event: SignedEvent): void {
    const [signed = '', salt = '', ...path] = seal.split(BETWEEN);
    const root = rootOf(textOf(event, salt), path);
    const end = signed.lastIndexOf('.');
    const kid = root && this.ids.get(service)?.find((id) => signed.slice(0, end) === signedText(id, service, root));
    if (!kid || !this.holds(signed, end, kid)) {
      throw new DomainError('message_rejected', 'The event is not sealed by the service it names.');
    }
  }

  private holds(signed: string, end: number, kid: string): boolean {
    if (this.holding.has(signed)) return true;
    const holds = signatureHolds(signed.slice(0, end), signed.slice(end + 1), this.keys.get(kid));
    if (holds) this.holding.set(signed, true);
    return holds;
  }
}

/** An event as a leaf of the tree: there is one text for it, and it is no other event's. */
function textOf({ org, id, type, entityId, entityVersion, body }: SignedEvent, salt: string): string {
  return JSON.stringify([salt, org, id, type, entityId, entityVersion, body]);
}

/** What is signed: there is one text for a root, so it is compared as text. */
function signedText(kid: string, service: ServiceName, root: string): string {
  return jwsText({ kid, typ: TYPE }, { iss: service, root });
}
