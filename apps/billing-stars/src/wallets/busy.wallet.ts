import { DomainError } from '@apollo/contracts';
import { isOvertaken, isTimeout } from '@apollo/tenancy/postgres';

/** @throws DomainError `service_unavailable` where the wallet could not be had in time; any other error as it is */
export async function unlessBusy<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (isTimeout(error) || isOvertaken(error))
      throw new DomainError('service_unavailable', 'The wallet is busy; nothing was changed.');
    throw error;
  }
}
