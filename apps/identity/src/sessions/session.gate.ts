import { DomainError } from '@apollo/contracts';
import { type Clock, CLOCK, currentTenant } from '@apollo/tenancy';
import { TenantDatabase } from '@apollo/tenancy/postgres';
import { Inject, Injectable } from '@nestjs/common';
import { SessionDirectory } from './session.directory.js';

/**
 * The session by which a person acts. It stood when the gateway let the request in; by the time that something is done
 * for it, it may have ended, and the person it was taken from counts on that.
 *
 * A gateway of the release before does not say which session it is. What it asks for is done as that release did it: a
 * second factor, too, waits only until the next new password or sign-out everywhere then.
 */
@Injectable()
export class SessionGate {
  constructor(
    private readonly database: TenantDatabase,
    private readonly directory: SessionDirectory,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Person. Its id; undefined where the gateway does not say. */
  get id(): string | undefined {
    return currentTenant().session;
  }

  /**
   * Person. Does something in a transaction, or in the one that there is, in which nothing of the person's is locked
   * yet: until its end no session of the person begins, goes on or ends, so that it is done while this one stands.
   *
   * @throws DomainError as `assertStands`
   */
  async during<T>(fn: () => Promise<T>, id = this.id): Promise<T> {
    return this.database.transaction(async () => {
      await this.directory.hold();
      await this.assertStands(id);
      return fn();
    });
  }

  /** Person. @throws DomainError `unauthenticated` where it has ended, or is somebody else's */
  async assertStands(id = this.id): Promise<void> {
    if (id === undefined) return;
    const open = await this.directory.find(id);
    if (!open || open.expires_at <= this.clock()) throw new DomainError('unauthenticated', 'The session has ended.');
  }
}
