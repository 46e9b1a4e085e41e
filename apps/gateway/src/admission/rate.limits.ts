import { DomainError } from '@apollo/contracts';
import { networksOf } from '@apollo/service-kit/process';
import { LRUCache } from 'lru-cache';
import type { Limits } from '../config.js';

/** Too many requests, with the time after which another one will be let in. */
export class RateLimitedError extends DomainError {
  constructor(
    readonly retryAfterSeconds: number,
    detail?: string,
  ) {
    super('rate_limited', detail);
  }
}

/** A bucket per key: refilled evenly, holding at most half a minute's worth; one of several shares as much as several. */
class Buckets {
  private readonly buckets = new LRUCache<string, { tokens: number; at: number }>({ max: 50_000 });
  private readonly perMs: number;
  private readonly capacity: number;

  constructor(
    perMinute: number,
    private readonly now: () => number,
  ) {
    this.perMs = perMinute / 60_000;
    this.capacity = Math.max(1, perMinute / 2);
  }

  take(key: string, shares = 1): void {
    if (this.perMs === 0) return;
    const now = this.now();
    const [perMs, capacity] = [this.perMs * shares, this.capacity * shares];
    const bucket = this.buckets.get(key) ?? { tokens: capacity, at: now };
    bucket.tokens = Math.min(capacity, bucket.tokens + (now - bucket.at) * perMs);
    bucket.at = now;
    this.buckets.set(key, bucket);
    if (bucket.tokens < 1) throw new RateLimitedError(Math.ceil((1 - bucket.tokens) / perMs / 1000));
    bucket.tokens -= 1;
  }

  /** The narrowest first: what that one may not do any more costs the wider ones nothing. */
  takeOfNetworks(address: string): void {
    for (const { name, shares } of networksOf(address)) this.take(name, shares);
  }
}

/**
 * How often whom is let in. Counted per process: with several gateways behind a balancer each allows its share.
 * Every method throws a `RateLimitedError` when it is too much.
 */
export class RateLimits {
  private readonly addresses: Buckets;
  private readonly guarded: Buckets;
  private readonly orgs: Buckets;

  constructor(limits: Limits, now: () => number = () => performance.now()) {
    this.addresses = new Buckets(limits.perAddress, now);
    this.guarded = new Buckets(limits.perAddressUnknown, now);
    this.orgs = new Buckets(limits.perOrg, now);
  }

  ofAddress(address: string): void {
    this.addresses.takeOfNetworks(address);
  }

  ofGuessing(address: string): void {
    this.guarded.takeOfNetworks(address);
  }

  /** @param org any stable name of the organization; asked for members only, so that a stranger cannot use it up */
  ofOrg(org: string): void {
    this.orgs.take(org);
  }
}
