import { DomainError } from '@apollo/contracts';

/** Lock and statement time-outs, deadlocks, serialization failures: nothing was changed, and it may be tried again. */
const PASSING = new Set(['55P03', '57014', '40P01', '40001']);

/** @throws DomainError `service_unavailable` where the wallet could not be had in time; any other error as it is */
export async function unlessBusy<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (PASSING.has((error as { code?: string }).code ?? ''))
      throw new DomainError('service_unavailable', 'The wallet is busy; nothing was changed.');
    throw error;
  }
}
