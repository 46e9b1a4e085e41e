import { billingDatabase, openWallets } from '../dataset/wallets.dataset.js';
import { AgentCaller } from '../load/agent.caller.js';
import { keepBusy } from '../load/busy.callers.js';
import { interleaveRates } from '../load/interleaved.rates.js';
import { singleFunction } from '../load/single.function.js';
import { cpuMs } from '../measure/process.usage.js';
import type { ReservationsReport } from '../report/bench.report.js';
import type { BenchField } from '../servers/bench.field.js';
import { RESERVE_NAMES } from '../servers/server.names.js';

const WALLETS = 1_000;
/** Nothing may be refused: as much as one grant may give, and as much as a cap may allow. */
const PLENTY = 1_000_000_000;

/**
 * Reservations on one hot wallet over the bus, by one, few and many callers; the same function called alone, and the
 * one for many; and on a thousand wallets.
 */
export async function measureReservations(
  field: BenchField,
  { sliceSeconds, rounds }: { sliceSeconds: number; rounds: number },
  report: (line: string) => void,
): Promise<ReservationsReport> {
  const { ours, person } = field;
  const orgs = (await field.orgsBeside(WALLETS)).map(({ id }) => id);
  const database = billingDatabase(ours, 1);
  await openWallets(database, orgs, { stars: PLENTY, caps: { agent_day: PLENTY } }).finally(() => database.close());
  const reference = await singleFunction(ours);
  report(`the function alone: ${reference.name}`);
  const agents = await AgentCaller.connect(ours, person.id);
  const hot = orgs[0] as string;
  const any = (): string => orgs[Math.floor(Math.random() * orgs.length)] as string;
  const callers = (name: string, count: number, org: () => string) => ({
    name,
    run: () => keepBusy(count, sliceSeconds, () => agents.reserve(org())),
  });
  try {
    const measured = await interleaveRates(
      [
        { name: RESERVE_NAMES.reference, run: () => reference.call([hot], sliceSeconds) },
        { name: RESERVE_NAMES.single, run: () => reference.call([hot], sliceSeconds, 1) },
        { name: RESERVE_NAMES.batches, run: () => reference.callMany(hot, sliceSeconds) },
        callers(RESERVE_NAMES.lone, 1, () => hot),
        callers(RESERVE_NAMES.eight, 8, () => hot),
        callers(RESERVE_NAMES.many, 32, () => hot),
        callers(RESERVE_NAMES.most, 256, () => hot),
        callers(RESERVE_NAMES.thousand, 32, any),
        { name: RESERVE_NAMES.thousandAlone, run: () => reference.call(orgs, sliceSeconds) },
      ],
      rounds,
      'reservations',
      () => cpuMs([process.pid]),
      report,
    );
    return { reference: reference.name, wallets: WALLETS, sliceSeconds, ...measured };
  } finally {
    await agents.stop();
  }
}
