import { DomainError, type ServiceName, typeOf, type WatchContract } from '@apollo/contracts';
import { currentTenant, newId, Tally } from '@apollo/tenancy';
import type { Envelope } from '../envelope/envelope.codec.js';
import { KEPT_MS, type LiveMark } from './live.mark.js';

/** Watches that one process keeps at once, and of them those of one asking service and of one organization. */
const IN_ALL = 8_000;
const OF_A_SERVICE = 6_000;
const OF_AN_ORG = 1_000;

/** Whoever watches: the server's note of where they are answered, and until when they are shown anything. */
export interface LiveWatcher {
  readonly org: string;
  readonly issuer: ServiceName;
  readonly channel: Channel;
  /** What is shown is sealed for. */
  readonly id: string;
  answerKey: string | undefined;
  reply: string;
  until: number;
}

/** What is watched of one organization, by one at least. */
export interface Channel {
  readonly epoch: string;
  readonly name: string;
  readonly watchers: Set<LiveWatcher>;
  /** Number of the last frame there was, and of the last one that was sent or given up. */
  said: number;
  passed: number;
}

/**
 * Who watches what in this process. Whoever asks is kept for fifteen seconds, and longer by asking again, which the
 * message guard decides about anew each time.
 */
export class LiveAudience {
  private readonly watchers = new Map<string, LiveWatcher>();
  private readonly channels = new Map<string, Channel>();
  private readonly ofServices = new Tally();
  private readonly ofOrgs = new Tally();
  private sweeping: NodeJS.Timeout | undefined;

  /** @param now milliseconds of a clock that is never put back */
  constructor(private readonly now = () => performance.now()) {}

  /**
   * Keeps whoever asked, in the context of their message.
   *
   * @param reply the server's note of who asked
   * @returns how far the channel has come
   * @throws DomainError `rate_limited` when too many watch
   */
  keep(asker: Envelope, contract: WatchContract, payload: object, reply: string): LiveMark {
    const name = watcherName(asker, contract, payload);
    const watcher =
      this.watchers.get(name) ?? this.take(name, asker, channelName(contract, channelOf(contract, payload)));
    watcher.reply = reply;
    watcher.answerKey = asker.answerKey;
    watcher.until = this.now() + KEPT_MS;
    this.sweeping ??= setInterval(() => this.sweep(), KEPT_MS / 3).unref();
    const { epoch, passed } = watcher.channel;
    return { epoch, sequence: passed };
  }

  /** Shows whoever asked nothing more. */
  leave(asker: Envelope, contract: WatchContract, payload: object): void {
    this.forget(watcherName(asker, contract, payload));
  }

  /** What is watched of the acting organization, where anybody does. */
  channel(contract: WatchContract, channel: string): Channel | undefined {
    return this.channels.size === 0 ? undefined : this.channels.get(channelName(contract, channel));
  }

  /** Those who watch now. */
  watchersOf({ watchers }: Channel): LiveWatcher[] {
    const now = this.now();
    return [...watchers].filter(({ until }) => until > now);
  }

  /** Shows nobody anything more. */
  close(): void {
    for (const name of [...this.watchers.keys()]) this.forget(name);
  }

  private take(name: string, { issuer, idempotencyKey }: Envelope, channelName: string): LiveWatcher {
    const org = orgOf();
    if (this.watchers.size >= IN_ALL || this.ofServices.of(issuer) >= OF_A_SERVICE || this.ofOrgs.of(org) >= OF_AN_ORG)
      throw new DomainError('rate_limited', 'Too many are watching.');
    const channel = this.channels.get(channelName) ?? {
      epoch: newId(),
      name: channelName,
      watchers: new Set(),
      said: 0,
      passed: 0,
    };
    const watcher: LiveWatcher = {
      org,
      issuer,
      channel,
      id: idempotencyKey,
      answerKey: undefined,
      reply: '',
      until: 0,
    };
    channel.watchers.add(watcher);
    this.channels.set(channelName, channel);
    this.watchers.set(name, watcher);
    this.ofServices.add(issuer, 1);
    this.ofOrgs.add(org, 1);
    return watcher;
  }

  private forget(name: string): void {
    const watcher = this.watchers.get(name);
    if (!watcher) return;
    const { channel, issuer, org } = watcher;
    this.watchers.delete(name);
    this.ofServices.add(issuer, -1);
    this.ofOrgs.add(org, -1);
    channel.watchers.delete(watcher);
    if (channel.watchers.size === 0) this.channels.delete(channel.name);
    if (this.watchers.size > 0) return;
    clearInterval(this.sweeping);
    this.sweeping = undefined;
  }

  private sweep(): void {
    const now = this.now();
    for (const [name, { until }] of this.watchers) if (until <= now) this.forget(name);
  }
}

/** Within an organization, which alone has channels. */
function orgOf(): string {
  const { orgId } = currentTenant();
  if (orgId === null) throw new Error('only what is an organization’s is watched');
  return orgId;
}

/** Of the acting organization, whoever asks and whoever shows. */
function channelName(contract: WatchContract, channel: string): string {
  return `${orgOf()} ${typeOf(contract)} ${channel}`;
}

function channelOf(contract: WatchContract, payload: object): string {
  return String((payload as Readonly<Record<string, unknown>>)[contract.channel]);
}

/** One watch of one asker: nobody else’s is prolonged or ended by it. */
function watcherName({ issuer, context, idempotencyKey }: Envelope, contract: WatchContract, payload: object): string {
  return [issuer, context.orgId, context.actor, typeOf(contract), idempotencyKey, channelOf(contract, payload)].join(
    ' ',
  );
}
