import type { ServiceName } from '@apollo/contracts';
import { newId, runAsSystem } from '@apollo/tenancy';

/** Opens contexts for an operator's command, which acts as the service whose work waits. */
export class OperatorContext {
  constructor(private readonly service: ServiceName) {}

  /** Looks at what waits, of every organization. */
  forAll<T>(fn: () => Promise<T>): Promise<T> {
    return runAsSystem(
      { reason: 'an operator asks what waits', service: this.service, scope: 'platform', requestId: newId() },
      fn,
    );
  }

  /** Acts within one organization. */
  within<T>(orgId: string, fn: () => Promise<T>): Promise<T> {
    return runAsSystem(
      {
        reason: 'an operator looks at events that wait',
        service: this.service,
        scope: 'org',
        orgId,
        requestId: newId(),
      },
      fn,
    );
  }
}
