import { createInbox, type Msg, type NatsConnection } from '@nats-io/nats-core';

/** Where this process is answered in what it watches: one subscription for all of it, from the first watch on. */
export class LiveInbox {
  private readonly takers = new Map<string, (message: Msg) => void>();
  private prefix: string | undefined;

  /** @param ofService what the names of the service's inboxes begin with */
  constructor(
    private readonly connection: NatsConnection,
    private readonly ofService: string,
  ) {}

  /** Has what is answered under `id` taken, until it is closed. @returns the subject to be answered at */
  open(id: string, take: (message: Msg) => void): string {
    this.prefix ??= this.subscribed();
    this.takers.set(id, take);
    return `${this.prefix}.${id}`;
  }

  close(id: string): void {
    this.takers.delete(id);
  }

  private subscribed(): string {
    const prefix = createInbox(this.ofService);
    this.connection.subscribe(`${prefix}.*`, {
      callback: (error, message) => {
        if (!error) this.takers.get(message.subject.slice(prefix.length + 1))?.(message);
      },
    });
    return prefix;
  }
}
