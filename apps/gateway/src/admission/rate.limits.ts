import { DomainError } from '@apollo/contracts';
import { networkOf } from '@apollo/service-kit/process';
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

/** A bucket per key: refilled evenly, holding at most half a minute's worth. */
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

  take(key: string): void {
    if (this.perMs === 0) return;
    const now = this.now();
    const bucket = this.buckets.get(key) ?? { tokens: this.capacity, at: now };
    bucket.tokens = Math.min(this.capacity, bucket.tokens + (now - bucket.at) * this.perMs);
    bucket.at = now;
    this.buckets.set(key, bucket);
    if (bucket.tokens < 1) throw new RateLimitedError(Math.ceil((1 - bucket.tokens) / this.perMs / 1000));
    bucket.tokens -= 1;
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
    this.addresses.take(networkOf(address));
  }

  ofGuessing(address: string): void {
    this.guarded.take(networkOf(address));
  }

  /** @param org any stable name of the organization; asked for members only, so that a stranger cannot use it up */
  ofOrg(org: string): void {
    this.orgs.take(org);
  }
}
