import {
  type Empty,
  PurgeAgents,
  PurgeBillingStars,
  PurgeIdentity,
  PurgeLeads,
  type purgeMessages,
  type RequestContract,
  type ServiceName,
} from '@apollo/contracts';
import { Bus } from '@apollo/messaging';
import { LOGGER, type Logger, TablePurger } from '@apollo/service-kit';
import { currentTenant } from '@apollo/tenancy';
import { type DueWork, WorkRunner, type WorkSource, type WorkTurn } from '@apollo/work';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { PurgeRepository } from './purge.repository.js';

/** Milliseconds between two looks for organizations whose time is up. */
const PAUSE = 5_000;
/** Organizations that are purged at once. */
const AT_ONCE = 2;
/** Seconds until a purge that a service held up is looked at again. */
const HELD_UP = 60;

/** Every other service that keeps anything of organizations; who tells others of it before those who take that. */
const OTHERS: readonly RequestContract<Empty, purgeMessages.PurgeReceipt>[] = [
  PurgeAgents,
  PurgeLeads,
  PurgeBillingStars,
  PurgeIdentity,
];

/** A service's part of a purge, a batch at a time. */
interface Part {
  readonly service: ServiceName;
  step(): Promise<purgeMessages.PurgeReceipt>;
}

/**
 * Has every service purge what it keeps of a deleted organization once its time is up, and keeps their receipts. A
 * service that is away holds up its own part alone. Each step is a transaction of a service that notes what it purged:
 * whoever goes on, after a process went down as well, does so with what is left. When a purge is due stands beside the
 * deletion, so there are no jobs, and nobody is asked whether it may be done: an Owner has, 30 days before.
 */
@Injectable()
export class OrgPurger implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly runner: WorkRunner<DueWork>;
  private readonly parts: readonly Part[];

  constructor(
    private readonly purges: PurgeRepository,
    own: TablePurger,
    bus: Bus,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    const others = OTHERS.map((contract) => ({
      service: contract.service,
      step: () => bus.request(contract, {}),
    }));
    // Its own events go before the others purge what they have heard of.
    this.parts = [{ service: 'orgs', step: () => own.step() }, ...others];
    const source: WorkSource<DueWork> = {
      due: (after) => purges.findDue(after),
      begin: async () => ((await purges.begin()) ? (turn) => this.purge(turn) : undefined),
      putOff: () => purges.putOff(HELD_UP),
    };
    const reason = 'the time of a deleted organization is up when nobody asks';
    this.runner = new WorkRunner(source, { service: 'orgs', reason, places: AT_ONCE, pauseMs: PAUSE, logger });
  }

  onApplicationBootstrap(): void {
    this.runner.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.runner.stop();
  }

  /** Looks once, and purges what is due until each has had a turn. @returns how many were due */
  round(): Promise<number> {
    return this.runner.round();
  }

  /** @throws the first error of a part, once each of them has had its turn */
  private async purge(turn: WorkTurn): Promise<void> {
    const failures: unknown[] = [];
    let isWhole = true;
    for (const part of this.parts) {
      const isDone = await this.finish(part, turn).catch((error: unknown) => {
        failures.push(error);
        return false;
      });
      isWhole &&= isDone;
    }
    if (failures.length > 0) throw failures[0];
    if (!isWhole) return this.purges.putOff(0);
    await this.purges.end();
    this.logger.info({ org_id: currentTenant().orgId }, 'organization purged');
  }

  /** @returns whether nothing is left of the part; false where the turn ended before */
  private async finish({ service, step }: Part, turn: WorkTurn): Promise<boolean> {
    for (;;) {
      if (turn.isStopped || turn.isOver) return false;
      const receipt = await step();
      await this.purges.note(service, receipt);
      if (receipt.complete) return true;
    }
  }
}
