import { finished } from 'node:stream';
import { GetOrg, type ServiceName } from '@apollo/contracts';
import { EventWatch, type Watcher } from '@apollo/messaging';
import { Controller, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HttpGuard } from '../admission/http.guard.js';
import { Answers } from '../http/answers.decorator.js';
import { planOf } from '../http/route.plan.js';
import { FEEDS, type Position, readPosition, writePosition } from './event.position.js';
import type { FeedPage } from './feed.page.js';
import { FeedQuestions } from './feed.questions.js';
import { ALIVE_EVERY_MS, ended, endOf, opened, STILL_HERE, streamed, untilLook } from './server.sent.stream.js';

/** Milliseconds after which services are asked although nobody said that something is new. */
const ASK_EVERY_MS = ALIVE_EVERY_MS;
/** Milliseconds for which a service is asked again after it told of something: an event is shown once all before it are known. */
const LINGER_MS = 5_000;

// Whoever may read the organization may watch it; each event is shown to whoever may see what it tells of.
const EVENTS = planOf({
  verb: 'get',
  path: '/v1/orgs/{org}/events',
  operation: 'watchEvents',
  contract: GetOrg,
  summary: 'Watch what happens in the organization; goes on after `Last-Event-ID`, ends when access ends',
  streams: true,
  answers: {
    type: 'text/event-stream',
    schema: {
      type: 'string',
      description:
        'Server-sent events; `data` is a CloudEvent in JSON. An event may come twice after a reconnect: its `id` within `data` stays the same. The first, `stream.opened`, says when what the client came with expires (`ends_at`), the last, `stream.ended`, why the stream ends (`reason`: `expired`, `removed`, `suspended`, or `restarted`, after which one comes back at once).',
    },
  },
});

type Page = readonly [service: ServiceName, page: FeedPage];

/** Streams an organization's events to its people, from where each service wrote them down. */
@Controller()
export class EventStreamController {
  constructor(
    private readonly questions: FeedQuestions,
    private readonly guard: HttpGuard,
    private readonly events: EventWatch,
  ) {}

  @Answers(EVENTS, 'events')
  async watch(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    EVENTS.asked(request).merge(request);
    const last = request.headers['last-event-id'];
    const watcher = this.events.watch();
    // Told as well of a client that went away while the guard still asked about it.
    finished(reply.raw, () => watcher.leave());
    try {
      // The first answers before the first byte: what can be refused is refused with a problem.
      const position = new Map(last === undefined ? [] : readPosition(String(last)));
      const first = await this.pages([...FEEDS.keys()], position);
      if (request.method === 'HEAD') {
        watcher.leave();
        return await streamed(reply, []);
      }
      await streamed(reply, this.stream(request, watcher, position, first));
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
    let askedAll = performance.now();
    yield opened(this.guard, request, `id: ${writePosition(moved(position, first))}\n`);
    for (let pages = first; ;) {
      for (const [service, page] of pages) {
        const frames = framesOf(service, page, position);
        if (frames) yield frames;
      }
      for (const [service, { last, complete }] of pages) {
        position.set(service, last);
        if (!complete) lively.set(service, performance.now());
      }
      do {
        await Promise.race([watcher.woken, untilLook()]);
        const end = watcher.isEnding ? 'restarted' : await endOf(this.guard, request, EVENTS);
        if (end) {
          yield ended(end);
          return;
        }
        for (const service of watcher.take()) lively.set(service, performance.now());
      } while (lively.size === 0 && performance.now() - askedAll < ASK_EVERY_MS);
      if (performance.now() - askedAll >= ASK_EVERY_MS) {
        askedAll = performance.now();
        FEEDS.forEach((_, service) => lively.set(service, askedAll - LINGER_MS));
        yield STILL_HERE;
      }
      pages = await this.again(request, [...lively.keys()], position);
      for (const [service, since] of lively) if (performance.now() - since >= LINGER_MS) lively.delete(service);
    }
  }

  /** What is new; nothing from a service that does not answer, which is asked again. */
  private again(request: FastifyRequest, services: readonly ServiceName[], position: Position): Promise<Page[]> {
    return this.guard
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
