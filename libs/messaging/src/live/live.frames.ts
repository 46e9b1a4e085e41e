import { setTimeout as sleep } from 'node:timers/promises';
import { validated, type WatchContract } from '@apollo/contracts';
import { currentTenant } from '@apollo/tenancy';
import type { NatsConnection } from '@nats-io/nats-core';
import type { AnswerSealer } from '../envelope/answer.seal.js';
import { sendTurn } from '../nats/send.turn.js';
import type { Channel, LiveAudience } from './live.audience.js';
import { LARGEST_FRAME_BYTES, liveFields } from './live.mark.js';

/** Milliseconds between two rounds of sending, and what is sent in one: of all organizations in turn. */
const ROUND_MS = 50;
const ROUND_MESSAGES = 500;
const ROUND_BYTES = 256 * 1024;
/** Frames of one organization that wait at most, and bytes of those of all: what is older gives way. */
const FRAMES_OF_AN_ORG = 64;
const BYTES_IN_ALL = 8 * 1024 * 1024;

interface Waiting {
  readonly channel: Channel;
  readonly sequence: number;
  readonly body: string;
  readonly bytes: number;
}

/**
 * Shows whoever watches what a service does, while it does it. Where nobody does, a call is a look into a map. Nobody
 * is waited for: of what comes faster than it can be sent, the oldest frames are left out, and whoever watches sees
 * that by the numbers of the others and asks for the state.
 */
export class LiveFrames {
  /** By organization, in the order of their next turn. */
  private readonly waiting = new Map<string, Waiting[]>();
  private bytes = 0;
  private isSending = false;

  constructor(
    private readonly audience: LiveAudience,
    private readonly connection: Pick<NatsConnection, 'publish' | 'flush' | 'isClosed'>,
    private readonly sealer: AnswerSealer,
  ) {}

  /** Whether anybody of the acting organization watches: a frame that takes some doing is made for them alone. */
  isWatched(contract: WatchContract, channel: string): boolean {
    return this.audience.channel(contract, channel) !== undefined;
  }

  /**
   * Shows a frame to those of the acting organization who watch the channel. One that is too large is left out.
   *
   * @throws DomainError `validation_failed` for a frame that is none of the contract's, where anybody watches
   */
  publish<Frame extends object>(contract: WatchContract<object, object, Frame>, channel: string, frame: Frame): void {
    const watched = this.audience.channel(contract, channel);
    if (!watched) return;
    const body = JSON.stringify(validated(contract.reply, frame));
    watched.said += 1;
    this.add({ channel: watched, sequence: watched.said, body, bytes: Buffer.byteLength(body) });
    void this.send();
  }

  private add(frame: Waiting): void {
    const { orgId } = currentTenant();
    const own = this.waiting.get(orgId as string) ?? [];
    this.waiting.set(orgId as string, own);
    own.push(frame);
    this.bytes += frame.bytes;
    if (frame.bytes > LARGEST_FRAME_BYTES) this.pass(own.pop());
    while (own.length > FRAMES_OF_AN_ORG || (this.bytes > BYTES_IN_ALL && own.length > 0)) this.pass(own.shift());
    if (own.length === 0) this.waiting.delete(orgId as string);
  }

  /** It waits no more, sent or left out: whoever asks to be shown more is told that there was one. */
  private pass(frame: Waiting | undefined): void {
    if (!frame) return;
    this.bytes -= frame.bytes;
    frame.channel.passed = Math.max(frame.channel.passed, frame.sequence);
  }

  /** Sends in rounds what waits; the next one begins once the server has taken the one before. */
  private async send(): Promise<void> {
    if (this.isSending) return;
    this.isSending = true;
    try {
      await sendTurn();
      while (this.waiting.size > 0 && !this.connection.isClosed()) {
        this.round();
        const taken = this.connection.flush().catch(() => undefined);
        await Promise.all([taken, sleep(ROUND_MS, undefined, { ref: false })]);
      }
    } catch {
      // The connection is being closed: whoever watched finds another process.
      this.waiting.clear();
      this.bytes = 0;
    } finally {
      this.isSending = false;
    }
  }

  private round(): void {
    let messages = 0;
    let bytes = 0;
    while (messages < ROUND_MESSAGES && bytes < ROUND_BYTES) {
      const [[org, own] = []] = this.waiting;
      const frame = own?.shift();
      if (org === undefined || own === undefined || frame === undefined) return;
      this.waiting.delete(org);
      if (own.length > 0) this.waiting.set(org, own);
      const sent = this.show(frame);
      messages += sent;
      bytes += sent * frame.bytes;
    }
  }

  private show(frame: Waiting): number {
    const { channel, sequence, body } = frame;
    this.pass(frame);
    const watchers = this.audience.watchersOf(channel);
    for (const { reply, answerKey, id } of watchers) {
      const fields = liveFields({ epoch: channel.epoch, sequence });
      const sealed = this.sealer.seal(answerKey, id, { fields, body });
      this.connection.publish(reply, sealed, { headers: fields });
    }
    return watchers.length;
  }
}
