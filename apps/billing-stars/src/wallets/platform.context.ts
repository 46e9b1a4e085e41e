import { currentTenant, runAsSystem } from '@apollo/tenancy';
import { TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';

const reason = 'Stars are brought in and taken back by the platform, never by an organization';

/**
 * Steps from an organization to the platform for the one statement that changes how many Stars the organization has:
 * under the organization's own tag the database refuses it, whatever else runs there.
 */
@Injectable()
export class PlatformContext {
  constructor(private readonly database: TenantDatabase) {}

  /** Runs `act` for the platform, in one transaction with what is open. @param act is given whose wallet it is about */
  act<T>(act: (wallet: string) => Promise<T>): Promise<T> {
    const { orgId, actor, requestId } = currentTenant();
    if (orgId === null) throw new Error('Stars are an organization’s');
    return this.database.transaction(() =>
      runAsSystem({ reason, service: 'billing-stars', scope: 'platform', actor, requestId }, () => act(orgId)),
    );
  }
}
