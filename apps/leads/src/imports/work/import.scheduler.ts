import { describe, LOGGER, type Logger, RepeatedLook } from '@apollo/service-kit';
import { newId, runAsSystem } from '@apollo/tenancy';
import { TenantDatabase } from '@apollo/tenancy/postgres';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { AT_WORK } from '../import.limits.js';
import { ClaimRepository, type DueImport, PATIENCE } from './claim.repository.js';
import { ImportCrew } from './import.crew.js';

/** Milliseconds between two looks into the directory when nothing calls for an earlier one. */
const PAUSE = 2_000;

const reason = 'imports go on whoever took their files';

/**
 * Finds imports that need somebody, whoever took their files, and has a few of them worked on at a time, one of an
 * organization. Each runs in the context of its organization and of the person who started it; one that fails, whatever
 * stands in its row, is put off and stops no other, and none waits for the locks of another organization.
 */
@Injectable()
export class ImportScheduler implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly looking = new RepeatedLook(
    PAUSE,
    () => this.take(),
    (error) => this.logger.error({ error: describe(error) }, 'looking for imports failed'),
  );
  /** By organization: each has one place here at most, whatever its rows say. */
  private readonly atWork = new Map<string, Promise<void>>();

  constructor(
    private readonly database: TenantDatabase,
    private readonly claims: ClaimRepository,
    private readonly crew: ImportCrew,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.looking.start();
  }

  /** Stops at the next batch; what is left is taken up by another process, or by this one when it comes back. */
  async onModuleDestroy(): Promise<void> {
    await this.looking.stop();
    await Promise.all(this.atWork.values());
  }

  /** Has somebody look at an import in so many seconds, should nothing happen to it until then. */
  async expect(id: string, seconds: number): Promise<void> {
    await this.claims.watch(id, seconds);
  }

  /** Has an import worked on as soon as the open transaction is committed. */
  async ready(id: string): Promise<void> {
    await this.database.transaction(async (transaction) => {
      await this.claims.watch(id, 0);
      transaction.afterCommit(() => this.looking.wake());
    });
  }

  /** Gives each organization that has due imports its turn, as places become free. */
  private async take(): Promise<void> {
    const due = await runAsSystem({ reason, service: 'leads', scope: 'platform', requestId: newId() }, () =>
      this.claims.findDue(),
    );
    for (const [org, imports] of Map.groupBy(due, (each) => each.org_id)) {
      while (this.atWork.size >= AT_WORK) await Promise.race(this.atWork.values());
      if (this.looking.signal.aborted) return;
      if (this.atWork.has(org)) continue;
      const turn = this.attend(imports)
        .catch((error: unknown) => this.logger.error({ error: describe(error) }, 'imports left behind'))
        .finally(() => this.atWork.delete(org));
      this.atWork.set(org, turn);
    }
  }

  /** Attends to an organization's imports until there is work on one of them, and does it. */
  private async attend(imports: readonly DueImport[]): Promise<void> {
    for (const { org_id: orgId, import_id: importId, started_by: actor } of imports) {
      if (this.looking.signal.aborted) return;
      const worked = await runAsSystem(
        { reason, service: 'leads', scope: 'org', orgId, actor, requestId: importId },
        () => this.begin(importId).catch((error: unknown) => this.putOff(importId, error)),
      );
      if (worked) return this.looking.wake();
    }
  }

  /** @returns whether there was work */
  private async begin(importId: string): Promise<boolean> {
    const work = await this.claims.briefly(() => this.crew.attend(importId));
    await work?.(this.looking.signal).catch((error: unknown) =>
      this.logger.error({ import_id: importId, error: describe(error) }, 'import left behind'),
    );
    return work !== undefined;
  }

  private async putOff(importId: string, failure: unknown): Promise<false> {
    this.logger.error({ import_id: importId, error: describe(failure) }, 'import not attended to');
    await this.claims
      .briefly(() => this.claims.watch(importId, PATIENCE))
      .catch((error: unknown) => this.logger.error({ error: describe(error) }, 'import not put off'));
    return false;
  }
}
