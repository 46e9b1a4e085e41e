import { AsyncResource } from 'node:async_hooks';
import { DomainError } from '@apollo/contracts';
import { concurrently } from '@apollo/messaging';
import { currentTenant } from '@apollo/tenancy';
import { isRefusal } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';
import { MAX_BATCH } from './batch.rules.js';
import type { HoldAnswer, HoldCommand, HoldDecisions, NewHold, ReserveAnswer } from './hold.commands.js';
import { HoldRepository } from './hold.repository.js';

/** Members of a batch that was refused that are with the database at once, each alone. */
const ALONE_AT_ONCE = 3;

/** Milliseconds after which nobody waits for an answer any more. */
const PATIENCE_MS = 5_000;

/** A command that waits, and for whom. */
interface Member {
  readonly command: HoldCommand;
  readonly actor: string;
  readonly since: number;
  /** The context it was asked in. */
  readonly asked: AsyncResource;
  readonly resolve: (answer: ReserveAnswer | HoldAnswer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Has the commands that meet at one wallet decided together. One batch of an organization is under way; those that
 * arrive meanwhile are the next one: one lock, one commit, and one connection, however many want it. Nobody waits for a
 * timer: who is alone goes alone, in the same turn of the event loop.
 *
 * A batch acts for one actor, under the context of its first member; each member is answered in its own. Where the
 * database refuses a batch, each of it is decided alone; where the wallet cannot be had in time, or the connection is
 * lost, all are told, and their keys make it harmless to ask again. Not for use within a transaction.
 */
@Injectable()
export class HoldBatcher implements HoldDecisions {
  /** Who waits at each wallet that has a batch under way, or gathers one. */
  private readonly waiting = new Map<string, Member[]>();

  constructor(private readonly holds: HoldRepository) {}

  reserve(hold: NewHold): Promise<ReserveAnswer> {
    return this.ask({ kind: 'reserve', ...hold }) as Promise<ReserveAnswer>;
  }

  settle(hold: string, stars: number): Promise<HoldAnswer> {
    return this.ask({ kind: 'settle', hold, stars }) as Promise<HoldAnswer>;
  }

  release(hold: string): Promise<HoldAnswer> {
    return this.ask({ kind: 'release', hold }) as Promise<HoldAnswer>;
  }

  extend(hold: string, ttl: number): Promise<HoldAnswer> {
    return this.ask({ kind: 'extend', hold, ttl }) as Promise<HoldAnswer>;
  }

  private ask(command: HoldCommand): Promise<ReserveAnswer | HoldAnswer> {
    const { orgId, actor } = currentTenant();
    const wallet = orgId ?? '';
    return new Promise((resolve, reject) => {
      const member = { command, actor, since: performance.now(), asked: new AsyncResource('hold'), resolve, reject };
      const gathered = this.waiting.get(wallet);
      if (gathered) return void gathered.push(member);
      this.waiting.set(wallet, [member]);
      this.gather(wallet);
    });
  }

  /** What comes in the same turn of the event loop goes together. */
  private gather(wallet: string): void {
    setImmediate(() => void this.depart(wallet));
  }

  private async depart(wallet: string): Promise<void> {
    const [members, left] = nextBatch(this.waiting.get(wallet) ?? []);
    this.waiting.set(wallet, left);
    const inTime = members.filter(isInTime);
    if (inTime.length > 0) await this.decide(inTime);
    if (this.waiting.get(wallet)?.length) this.gather(wallet);
    else this.waiting.delete(wallet);
  }

  private async decide(members: readonly Member[]): Promise<void> {
    const [first] = members as [Member];
    try {
      const answers = await first.asked.runInAsyncScope(() => this.holds.decide(members.map(({ command }) => command)));
      members.forEach(({ resolve }, n) => resolve(answers[n] as ReserveAnswer | HoldAnswer));
    } catch (error) {
      if (members.length > 1 && isRefusal(error))
        await concurrently(members, ALONE_AT_ONCE, (member) => this.decide([member]));
      else members.forEach(({ reject }) => reject(error));
    }
  }
}

/** Whoever has waited for too long is told so. */
function isInTime({ since, reject }: Member): boolean {
  const goes = performance.now() - since <= PATIENCE_MS;
  if (!goes) reject(new DomainError('service_unavailable', 'The wallet is busy; nothing was changed.'));
  return goes;
}

/** Those of the first one's actor, in the order they came, as many of each kind as a batch takes; and who stays. */
function nextBatch(waiting: readonly Member[]): [Member[], Member[]] {
  const taken = new Map<string, number>();
  const [members, left]: [Member[], Member[]] = [[], []];
  for (const member of waiting) {
    const { kind } = member.command;
    const before = taken.get(kind) ?? 0;
    const goes = member.actor === waiting[0]?.actor && before < MAX_BATCH;
    if (goes) taken.set(kind, before + 1);
    (goes ? members : left).push(member);
  }
  return [members, left];
}
