import { type agentsMessages, GetConversation, GetRun, PostMessage, WatchRun } from '@apollo/contracts';
import { Bus, type Shown, StreamSlots } from '@apollo/messaging';
import { Controller, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HttpGuard } from '../admission/http.guard.js';
import { Answers } from '../http/answers.decorator.js';
import { idempotencyKey } from '../http/injected.fields.js';
import { planOf, type RoutePlan } from '../http/route.plan.js';
import { CHAT, messageIn } from './chat.reader.js';
import { type MessagePart, readPlace, RunParts } from './run.parts.js';
import { endBy, endOf, placeFor, sightsOf, STILL_HERE, streamed, type StreamEnd } from './server.sent.stream.js';

type Trace = agentsMessages.RunTrace;
type Watch = AsyncGenerator<Shown<Trace, agentsMessages.RunNews>, void>;

const answers = {
  type: 'text/event-stream',
  schema: {
    type: 'string',
    description:
      'Server-sent events in the UI message stream protocol of the AI SDK (version 1): one message with the id of the run, from its beginning on, whenever one comes, or behind what a client has seen of it that says so (`Last-Event-ID`). The last part is `finish`, `abort` where the run was cancelled, or `error`, also where the stream ends before the run does; then `[DONE]`.',
  },
};
const RUN = planOf({
  verb: 'get',
  path: '/v1/orgs/{org}/runs/{id}/stream',
  operation: 'watchRun',
  contract: GetRun,
  summary: 'Watch a run as a UI message stream, until it ends; goes on after `Last-Event-ID`, ends when access ends',
  streams: true,
  answers,
});
/** Where stock clients post, and where they look for what they have missed. */
const CHATTING = planOf({
  verb: 'post',
  path: '/v1/orgs/{org}/chat',
  operation: 'chat',
  contract: PostMessage,
  summary: 'Say something as the chat transport of the AI SDK does, and watch the run that answers',
  accepts: CHAT,
  streams: true,
  answers,
});
const RESUMED = planOf({
  verb: 'get',
  path: '/v1/orgs/{org}/chat/{id}/stream',
  operation: 'resumeChat',
  contract: GetConversation,
  summary: 'Watch the run of a conversation that is under way as a UI message stream; 204 where none is',
  streams: true,
  answers,
});

/** Entries of a log that are asked for at once. */
const PAGE = 200;
/** What a run does while it has one of these. */
const UNDER_WAY = ['queued', 'running'];
/** What stock clients know a UI message stream by. */
const PROTOCOL = ['x-vercel-ai-ui-message-stream', 'v1'] as const;
const DONE = 'data: [DONE]\n\n';

/** Streams what a persona answers to whoever may read the conversation. */
@Controller()
export class RunStreamController {
  constructor(
    private readonly bus: Bus,
    private readonly guard: HttpGuard,
    private readonly slots: StreamSlots,
  ) {}

  @Answers(RUN, 'conversations')
  async watchRun(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { id } = RUN.asked(request).merge(request) as agentsMessages.RunRequest;
    await this.answer(RUN, request, reply, () => Promise.resolve(id));
  }

  @Answers(CHATTING, 'conversations')
  async chat(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const message = messageIn(request.body);
    const idempotency = idempotencyKey(request);
    await this.answer(CHATTING, request, reply, async () => {
      const { id } = await this.bus.request(PostMessage, message, { idempotencyKey: idempotency });
      return id;
    });
  }

  @Answers(RESUMED, 'conversations')
  async resume(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { id } = RESUMED.asked(request).merge(request) as agentsMessages.ConversationRequest;
    const { items } = await this.bus.request(GetConversation, { id, limit: 1 });
    const [run] = items;
    if (run && UNDER_WAY.includes(run.state))
      return this.answer(RESUMED, request, reply, () => Promise.resolve(run.id));
    await reply.code(204).send();
  }

  /** @param runOf what is watched; asked once there is a place to watch it from */
  private async answer(
    plan: RoutePlan,
    request: FastifyRequest,
    reply: FastifyReply,
    runOf: () => Promise<string>,
  ): Promise<void> {
    reply.header(...PROTOCOL);
    if (request.method === 'HEAD') {
      await this.bus.request(GetRun, { id: await runOf(), limit: 1 });
      return streamed(reply, []);
    }
    const seen = request.headers['last-event-id'];
    const from = seen === undefined ? undefined : readPlace(String(seen));
    const signal = placeFor(reply, this.slots);
    const id = await runOf();
    const again = <T>(ask: () => Promise<T>): Promise<T> => this.guard.again(request, plan, ask);
    const watch = this.bus.watch(WatchRun, { id, limit: PAGE }, { signal, again });
    // The state before the first byte: what can be refused is refused with a problem.
    const first = await watch.next();
    await streamed(reply, this.stream(request, plan, new RunParts(id, from), watch, first));
  }

  private async *stream(
    request: FastifyRequest,
    plan: RoutePlan,
    parts: RunParts,
    watch: Watch,
    first: Awaited<ReturnType<Watch['next']>>,
  ): AsyncGenerator<string> {
    yield framesOf(parts.begin(), parts.place);
    try {
      for await (const sight of sightsOf(watch, first, () => endOf(this.guard, request, plan))) {
        if (sight === 'still here') yield STILL_HERE;
        else if ('end' in sight) return yield cutOff(sight.end);
        else {
          const ended = yield* this.shown(request, plan, parts, sight.look);
          if (ended) return yield framesOf(parts.end(ended)) + DONE;
        }
      }
      yield cutOff('restarted');
    } catch (error) {
      yield cutOff(endBy(error));
    }
  }

  /** What is to be shown now, page by page as the client takes it. @returns the run where it has ended */
  private async *shown(
    request: FastifyRequest,
    plan: RoutePlan,
    parts: RunParts,
    look: Shown<Trace, agentsMessages.RunNews>,
  ): AsyncGenerator<string, Trace | undefined> {
    if ('frame' in look && look.frame.step !== null) {
      yield framesOf(parts.piece(look.frame.step, look.frame.offset ?? 0, textOf(look.frame)), parts.place);
      return undefined;
    }
    const [entry] = 'frame' in look ? (look.frame.entries ?? []) : [];
    if (entry && entry.seq <= parts.seen + 1) {
      yield framesOf(parts.entries([entry]), parts.place);
      return undefined;
    }
    let trace = 'state' in look ? look.state : await this.after(request, plan, parts);
    for (;;) {
      yield trace.items.map((entry) => framesOf(parts.entries([entry]), parts.place)).join('');
      if (trace.next_cursor === null) return UNDER_WAY.includes(trace.state) ? undefined : trace;
      trace = await this.after(request, plan, parts);
    }
  }

  private after(request: FastifyRequest, plan: RoutePlan, parts: RunParts): Promise<Trace> {
    return this.guard.again(request, plan, () =>
      this.bus.request(GetRun, { id: parts.run, after: parts.seen, limit: PAGE }),
    );
  }
}

function textOf({ piece }: agentsMessages.RunNews): string {
  return Buffer.from(piece ?? '', 'base64').toString('utf16le');
}

/** @param place where a client is once it has all of them; left out where they are the end */
function framesOf(parts: readonly MessagePart[], place?: string): string {
  const last = parts.length - 1;
  const line = (at: number): string => (at === last && place !== undefined ? `id: ${place}\n` : '');
  return parts.map((part, at) => `${line(at)}data: ${JSON.stringify(part)}\n\n`).join('');
}

/** The stream ends before the run does: one may come back for it, or may not. */
function cutOff(end: StreamEnd): string {
  return framesOf([{ type: 'error', errorText: `The stream has ended: ${end}.` }]) + DONE;
}
