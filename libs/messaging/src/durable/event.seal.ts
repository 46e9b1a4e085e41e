import type { KeyObject } from 'node:crypto';
import { DomainError, type ServiceName } from '@apollo/contracts';
import type { JWK } from 'jose';
import { LRUCache } from 'lru-cache';
import { jwsText, privateKeyOf, publicKeysOf, signatureHolds, signText } from '../envelope/compact.jws.js';
import { hashTree, rootOf } from './hash.tree.js';

/** Tells a seal from a context token, which the same keys sign. */
const TYPE = 'event+jwt';
/** Between the signature and each step from an event to what is signed. */
const BETWEEN = '~';

/** What a seal vouches for: one event, down to its last byte. It never expires; consumers handle an event once. */
export interface SealedEvent {
  readonly org: string;
  readonly id: string;
  readonly type: string;
  readonly entityId: string;
  readonly entityVersion: number;
  readonly body: string;
}

/**
 * Signs events of one service, those that are published together with one signature: of the root of the hash tree over
 * them. A seal is that JSON Web Signature and the path from the event to the root. The hashes in a path tell nobody of
 * the other events: each of them has in it an id that nobody can guess.
 */
export class EventSealer {
  private readonly key: KeyObject;

  /** @param jwk private Ed25519 key of the service */
  constructor(
    private readonly service: ServiceName,
    jwk: JWK,
  ) {
    this.key = privateKeyOf(jwk);
  }

  /** @param events one or more @returns the seal of each, in their order */
  seal(events: readonly SealedEvent[]): string[] {
    const { root, paths } = hashTree(events.map(textOf));
    const signed = signText(signedText(this.service, root), this.key);
    return paths.map((path) => [signed, ...path].join(BETWEEN));
  }
}

/** Verifies events of every service. */
export class EventVerifier {
  private readonly keys: ReadonlyMap<string, KeyObject>;
  /** Signatures that hold, with what they sign: many events share one. */
  private readonly holding = new LRUCache<string, true>({ max: 1_000 });

  /** @param jwks public Ed25519 keys of every service, `kid` = service name */
  constructor(jwks: readonly JWK[]) {
    this.keys = publicKeysOf(jwks);
  }

  /** @throws DomainError `message_rejected` unless `service` sealed exactly this event */
  verify(seal: string, service: ServiceName, event: SealedEvent): void {
    const [signed = '', ...path] = seal.split(BETWEEN);
    const root = rootOf(textOf(event), path);
    const end = signed.lastIndexOf('.');
    if (root === undefined || signed.slice(0, end) !== signedText(service, root) || !this.holds(signed, end, service)) {
      throw new DomainError('message_rejected', 'The event is not sealed by the service it names.');
    }
  }

  private holds(signed: string, end: number, service: ServiceName): boolean {
    if (this.holding.has(signed)) return true;
    const holds = signatureHolds(signed.slice(0, end), signed.slice(end + 1), this.keys.get(service));
    if (holds) this.holding.set(signed, true);
    return holds;
  }
}

/** An event as a leaf of the tree: there is one text for it, and it is no other event's. */
function textOf({ org, id, type, entityId, entityVersion, body }: SealedEvent): string {
  return JSON.stringify([org, id, type, entityId, entityVersion, body]);
}

/** What is signed: there is one text for a root, so it is compared as text. */
function signedText(service: ServiceName, root: string): string {
  return jwsText({ kid: service, typ: TYPE }, { iss: service, root });
}
