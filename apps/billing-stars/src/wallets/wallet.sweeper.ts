import { LOGGER, type Logger } from '@apollo/service-kit';
import { type DueWork, WorkRunner, type WorkSource } from '@apollo/work';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { WalletRepository } from './wallet.repository.js';

/** Milliseconds between two looks for wallets that are due. */
const PAUSE = 5_000;

/** Wallets that are swept at once. */
const AT_ONCE = 4;

/**
 * Milliseconds until a wallet that could not be swept is looked at again: a hundred that somebody holds hide no others.
 */
const PUT_OFF = 60_000;
/** Wallets that are put off at once; beyond it, those that were first come back early. */
const PUT_OFF_AT_ONCE = 10_000;

/**
 * Books what has expired in organizations where nothing else happens. Never needed for a decision: whoever changes a
 * wallet does the same first. Any number of replicas may sweep at once; the second one finds nothing left to do.
 * Wallets say by themselves when they are due, so there are no jobs, and nobody is asked whether it may be done: it is
 * the platform's.
 */
@Injectable()
export class WalletSweeper implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly putOff = new LRUCache<string, true>({ max: PUT_OFF_AT_ONCE, ttl: PUT_OFF });
  private readonly runner: WorkRunner<DueWork>;

  constructor(wallets: WalletRepository, @Inject(LOGGER) logger: Logger) {
    const source: WorkSource<DueWork> = {
      due: async () => (await wallets.findDue([...this.putOff.keys()])).map((id) => ({ org_id: id })),
      begin: () => Promise.resolve(() => wallets.sweep()),
      putOff: (wallet) => void this.putOff.set(wallet.org_id, true),
    };
    const reason = 'holds and monthly Stars expire when nobody asks';
    this.runner = new WorkRunner(source, { service: 'billing-stars', reason, places: AT_ONCE, pauseMs: PAUSE, logger });
  }

  onApplicationBootstrap(): void {
    this.runner.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.runner.stop();
  }

  /** Sweeps every wallet that is due now, a hundred at most. @returns how many there were */
  sweep(): Promise<number> {
    return this.runner.round();
  }
}
