import { DomainError, received, type RequestContract, serviceAway } from '@apollo/contracts';
import type { Bus } from '@apollo/messaging';
import { runInTenantContext, type TenantContext } from '@apollo/tenancy';

/** Milliseconds the guard waits for an answer; a caller waits with it. */
const PATIENCE_MS = 3_000;

/**
 * Asks what the guard must know before anybody is let in. Whatever is not a clear answer is "unknown", and unknown
 * means nobody gets in.
 *
 * @param clear error codes that are an answer in themselves
 * @throws DomainError one of `clear`, or `service_unavailable`
 */
export async function askAsPlatform<Request extends object, Reply extends object>(
  bus: Bus,
  contract: RequestContract<Request, Reply>,
  payload: Request,
  context: TenantContext,
  clear: readonly string[] = [],
): Promise<Reply> {
  try {
    const reply = await runInTenantContext(context, () => bus.request(contract, payload, { timeoutMs: PATIENCE_MS }));
    return received(contract.reply, reply);
  } catch (error) {
    if (error instanceof DomainError && clear.includes(error.code)) throw error;
    throw serviceAway(contract.service);
  }
}
