import { DomainError } from '@apollo/contracts';
import { networksOf } from '@apollo/service-kit/process';
import { Tally } from '@apollo/tenancy';
import type { FastifyRequest } from 'fastify';
import { RateLimitedError } from './rate.limits.js';

/** What part of the budget one organization, one person or one address may have under way: a quarter. */
const SHARE = 4;
/** What part one address may have of those who have not signed in, its wider networks more. All of them together have a share of their own. */
const ANONYMOUS_SHARE = 16;
/** Bytes of a body that is small: beyond each share an eighth more is kept for such, so that large ones keep nobody from signing in. */
const SMALL_BYTES = 16_384;
const FOR_SMALL = 8;
/** Seconds after which bodies of a holder that had too much under way are taken again, at the latest if they arrive as they have to. */
const RETRY_SECONDS = 10;

/** Somebody whose bytes are counted, and the part of the budget that is the most for them. */
type Holder = readonly [name: string, part: number];

/** What one request holds of a budget. */
export interface BodyLease {
  /**
   * Counts more bytes.
   *
   * @throws RateLimitedError when its organization, person or address has too much under way, DomainError
   *   `service_unavailable` when all together have; nothing is counted then
   */
  take(bytes: number): void;
  /** Gives everything back; to be called however the request ends. */
  release(): void;
}

/**
 * How many bytes of bodies one process holds at once, of everybody and of each. Whoever sends half of a body, or more
 * than is worked on, fills a quarter of it at most: of an organization, of a person and of an address. The order of
 * counting is the guard's: for whom a request acts is known before a byte of its body is read.
 */
export class BodyBudget {
  private readonly held = new Tally();
  private total = 0;

  /** @param bytes under way at once */
  constructor(private readonly bytes: number) {}

  /** Opens the account of a request, with nothing in it. */
  open(request: Pick<FastifyRequest, 'tenant' | 'ip'>): BodyLease {
    const holders = holdersOf(request);
    let taken = 0;
    return {
      take: (bytes) => {
        const room = taken + bytes > SMALL_BYTES ? this.bytes : this.bytes + this.bytes / FOR_SMALL;
        if (holders.some(([name, part]) => this.held.of(name) + bytes > room / part))
          throw new RateLimitedError(RETRY_SECONDS, 'Too much is being sent at once: wait for what is under way.');
        if (this.total + bytes > room)
          throw new DomainError('service_unavailable', 'Too much is being sent to this server at the moment.');
        taken += bytes;
        this.count(holders, bytes);
      },
      release: () => {
        this.count(holders, -taken);
        taken = 0;
      },
    };
  }

  /** Bytes under way. */
  get underWay(): number {
    return this.total;
  }

  private count(holders: readonly Holder[], bytes: number): void {
    this.total += bytes;
    for (const [name] of holders) this.held.add(name, bytes);
  }
}

function holdersOf({ tenant, ip }: Pick<FastifyRequest, 'tenant' | 'ip'>): Holder[] {
  const networks = networksOf(ip);
  if (!tenant || tenant.actor === 'anonymous')
    return [
      ['anonymous', SHARE],
      ...networks.map(({ name, shares }): Holder => [`anonymous ${name}`, ANONYMOUS_SHARE / shares]),
    ];
  return [
    ...[tenant.orgId ?? [], tenant.actor].flat().map((name): Holder => [name, SHARE]),
    ...networks.map(({ name, shares }): Holder => [name, SHARE / shares]),
  ];
}
