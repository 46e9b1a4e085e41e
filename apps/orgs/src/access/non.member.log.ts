import { setImmediate } from 'node:timers/promises';
import { AuditTrail, describe, LOGGER, type Logger } from '@apollo/service-kit';
import { ResolveAccess, typeOf } from '@apollo/contracts';
import { type Clock, CLOCK } from '@apollo/tenancy';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { enterOrg, type Found } from './org.context.js';

/** Milliseconds within which further attempts of a person at one organization leave no further entry. */
const QUIET_MS = 60_000;
/** Most attempts remembered; the oldest are forgotten first. */
const REMEMBERED = 10_000;

/** Records in an organization's audit log that a person who does not belong to it tried to get in. */
@Injectable()
export class NonMemberLog implements OnApplicationShutdown {
  private readonly lastNoted = new Map<string, number>();
  private readonly pending = new Set<Promise<void>>();

  constructor(
    private readonly audit: AuditTrail,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Starts after the reply has left, so that it takes as long as the reply about an organization that does not exist.
   */
  note(place: Found, person: string): void {
    if (!this.isDue(`${place.org_id} ${person}`, this.clock().getTime())) return;
    const work = this.record(place, person).finally(() => this.pending.delete(work));
    this.pending.add(work);
  }

  /** Waits for the entries begun. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.pending);
  }

  private isDue(attempt: string, now: number): boolean {
    if (now - (this.lastNoted.get(attempt) ?? -Infinity) < QUIET_MS) return false;
    this.lastNoted.delete(attempt);
    this.lastNoted.set(attempt, now);
    if (this.lastNoted.size > REMEMBERED) this.lastNoted.delete(this.lastNoted.keys().next().value ?? '');
    return true;
  }

  private async record(place: Found, person: string): Promise<void> {
    await setImmediate();
    await enterOrg(place, person, () =>
      this.audit.denied(typeOf(ResolveAccess), null, { code: 'org_not_found' }),
    ).catch((error: unknown) => this.logger.error({ error: describe(error) }, 'attempt of a stranger not recorded'));
  }
}
