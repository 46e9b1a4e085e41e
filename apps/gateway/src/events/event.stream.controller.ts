import { finished, Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { DomainError, type ErrorCode, GetOrg, type ServiceName } from '@apollo/contracts';
import { EventWatch, type Watcher } from '@apollo/messaging';
import { Controller, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HttpDoor } from '../door/http.door.js';
import { Answers } from '../http/answers.decorator.js';
import { planOf } from '../http/route.plan.js';
import { FEEDS, type Position, readPosition, writePosition } from './event.position.js';
import type { FeedPage } from './feed.page.js';
import { FeedQuestions } from './feed.questions.js';

/** Milliseconds between two looks at whether the person may still watch. */
const LOOK_EVERY_MS = 500;
/** Milliseconds after which services are asked although nobody said that something is new, and a sign of life is sent. */
const ASK_EVERY_MS = 15_000;
/** Milliseconds for which a service is asked again after it told of something: an event is shown once all before it are known. */
const LINGER_MS = 5_000;

// Whoever may read the organization may watch it; each event is shown to whoever may see what it tells of.
const EVENTS = planOf({
  verb: 'get',
  path: '/v1/orgs/{org}/events',
  operation: 'watchEvents',
  contract: GetOrg,
  summary: 'Watch what happens in the organization; goes on after `Last-Event-ID`, ends when access ends',
  answers: {
    type: 'text/event-stream',
    schema: {
      type: 'string',
      description:
        'Server-sent events; `data` is a CloudEvent in JSON. An event may come twice after a reconnect: its `id` within `data` stays the same. The first, `stream.opened`, says when what the client came with expires (`ends_at`), the last, `stream.ended`, why the stream ends (`reason`: `expired`, `removed`, `suspended`, or `restarted`, after which one comes back at once).',
    },
  },
});

/** Why a stream ends: what the client came with is valid no longer, it may not watch any more, or it is to come back at once. */
type StreamEnd = 'expired' | 'removed' | 'suspended' | 'restarted';
const ENDS: Partial<Record<ErrorCode, StreamEnd>> = {
  unauthenticated: 'expired',
  org_not_found: 'removed',
  forbidden: 'removed',
  mfa_enrollment_required: 'removed',
  org_suspended: 'suspended',
};

type Page = readonly [service: ServiceName, page: FeedPage];

/** Streams an organization's events to its people, from where each service wrote them down. */
@Controller()
export class EventStreamController {
  constructor(
    private readonly questions: FeedQuestions,
    private readonly door: HttpDoor,
    private readonly events: EventWatch,
  ) {}

  @Answers(EVENTS, 'events')
  async watch(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    EVENTS.asked(request).merge(request);
    const last = request.headers['last-event-id'];
    const watcher = this.events.watch();
    // Told as well of a client that went away while the door still asked about it.
    finished(reply.raw, () => watcher.leave());
    try {
      // The first answers before the first byte: what can be refused is refused with a problem.
      const position = new Map(last === undefined ? [] : readPosition(String(last)));
      const first = await this.pages([...FEEDS.keys()], position);
      reply.header('content-type', 'text/event-stream; charset=utf-8').header('x-accel-buffering', 'no');
      if (request.method === 'HEAD') {
        watcher.leave();
        // Without a body, it would be said to be empty.
        await reply.send(Readable.from([]));
        return;
      }
      await reply.send(Readable.from(this.stream(request, watcher, position, first)));
    } catch (error) {
      watcher.leave();
      throw error;
    }
  }

  private async *stream(
    request: FastifyRequest,
    watcher: Watcher,
    position: Map<ServiceName, string>,
    first: Page[],
  ): AsyncGenerator<string> {
    const lively = new Map<ServiceName, number>();
    let askedAll = Date.now();
    yield `retry: 2000\nid: ${writePosition(moved(position, first))}\nevent: stream.opened\ndata: ${JSON.stringify({ ends_at: (await this.door.endOf(request)).toISOString() })}\n\n`;
    for (let pages = first; ;) {
      for (const [service, page] of pages) {
        const frames = framesOf(service, page, position);
        if (frames) yield frames;
      }
      for (const [service, { last, complete }] of pages) {
        position.set(service, last);
        if (!complete) lively.set(service, Date.now());
      }
      do {
        await Promise.race([watcher.woken, sleep(LOOK_EVERY_MS, undefined, { ref: false })]);
        const end = this.events.isClosed ? 'restarted' : await this.endOf(request);
        if (end) {
          yield `event: stream.ended\ndata: ${JSON.stringify({ reason: end })}\n\n`;
          return;
        }
        for (const service of watcher.take()) lively.set(service, Date.now());
      } while (lively.size === 0 && Date.now() - askedAll < ASK_EVERY_MS);
      if (Date.now() - askedAll >= ASK_EVERY_MS) {
        askedAll = Date.now();
        FEEDS.forEach((_, service) => lively.set(service, askedAll - LINGER_MS));
        yield ': still here\n\n';
      }
      pages = await this.again(request, [...lively.keys()], position);
      for (const [service, since] of lively) if (Date.now() - since >= LINGER_MS) lively.delete(service);
    }
  }

  /** Why the person may watch no longer; nothing while they may. */
  private endOf(request: FastifyRequest): Promise<StreamEnd | undefined> {
    return this.door
      .again(request, EVENTS, () => Promise.resolve(undefined))
      .catch((error: unknown) => ENDS[error instanceof DomainError ? error.code : 'internal_error'] ?? 'restarted');
  }

  /** What is new; nothing from a service that does not answer, which is asked again. */
  private again(request: FastifyRequest, services: readonly ServiceName[], position: Position): Promise<Page[]> {
    return this.door
      .again(request, EVENTS, async () => {
        const asked = await Promise.allSettled(services.map((service) => this.page(service, position)));
        return asked.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
      })
      .catch(() => []);
  }

  private pages(services: readonly ServiceName[], position: Position): Promise<Page[]> {
    return Promise.all(services.map((service) => this.page(service, position)));
  }

  private async page(service: ServiceName, position: Position): Promise<Page> {
    return [service, await this.questions.ask(service, position.get(service))];
  }
}

/** Where the stream begins: given places stay, the others begin now. */
function moved(position: Map<ServiceName, string>, first: readonly Page[]): Position {
  for (const [service, { last }] of first) if (!position.has(service)) position.set(service, last);
  return position;
}

/** All events of a page, each with the place after it. */
function framesOf(service: ServiceName, { events }: FeedPage, position: Map<ServiceName, string>): string {
  return events
    .map(({ id, type, data }) => {
      position.set(service, id);
      return `id: ${writePosition(position)}\nevent: ${type}\ndata: ${data}\n\n`;
    })
    .join('');
}
