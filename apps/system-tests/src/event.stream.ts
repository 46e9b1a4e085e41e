import { setTimeout as sleep } from 'node:timers/promises';

/** A CloudEvent as the stream shows it. */
export interface SeenEvent {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject: string;
  readonly sequence: string;
  readonly data: Record<string, unknown>;
}

/** A client of `GET /v1/orgs/{org}/events` that keeps what it has seen, as a browser's EventSource would. */
export class EventStream {
  readonly seen: SeenEvent[] = [];
  /** What a client sends as `Last-Event-ID` when it comes back. */
  lastEventId = '';
  /** When the server ended the stream; undefined while it is open. */
  endedAt: number | undefined;
  /** Why, as it said. */
  endReason: string | undefined;
  /** When what it was opened with expires, as it said. */
  endsAt: Date | undefined;
  private readonly cut = new AbortController();

  private constructor() {}

  /** @returns the stream, or the status and body of a refusal */
  static async open(
    url: string,
    token: string,
    lastEventId?: string,
  ): Promise<EventStream | { readonly status: number; readonly body: Record<string, unknown> }> {
    const stream = new EventStream();
    const headers = {
      authorization: `Bearer ${token}`,
      accept: 'text/event-stream',
      ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
    };
    const response = await fetch(url, { headers, signal: stream.cut.signal });
    if (response.status !== 200 || !response.body)
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    void stream
      .read(response.body)
      .catch(() => undefined)
      .finally(() => (stream.endedAt = Date.now()));
    return stream;
  }

  close(): void {
    this.cut.abort();
  }

  /** Waits until `fits` holds of what was seen. @throws Error after 15 s */
  async until(fits: (seen: readonly SeenEvent[]) => boolean): Promise<void> {
    // What no service told of in time, the gateway asks for every 15 s.
    for (const end = Date.now() + 30_000; !fits(this.seen); await sleep(50)) {
      if (Date.now() > end) throw new Error(`not seen: ${JSON.stringify(this.seen)}`);
    }
  }

  private async read(body: ReadableStream<Uint8Array>): Promise<void> {
    let rest = '';
    for await (const chunk of body.pipeThrough(new TextDecoderStream() as never) as unknown as AsyncIterable<string>) {
      const blocks = (rest + chunk).split('\n\n');
      rest = blocks.pop() ?? '';
      blocks.forEach((block) => this.take(block));
    }
  }

  private take(block: string): void {
    const fields = new Map(
      block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)] as const),
    );
    this.lastEventId = fields.get('id') ?? this.lastEventId;
    const data = JSON.parse(fields.get('data') ?? 'null') as (SeenEvent & { reason?: string; ends_at?: string }) | null;
    if (fields.get('event') === 'stream.opened') this.endsAt = new Date(data?.ends_at ?? NaN);
    else if (fields.get('event') === 'stream.ended') this.endReason = data?.reason;
    else if (data) this.seen.push(data);
  }
}
