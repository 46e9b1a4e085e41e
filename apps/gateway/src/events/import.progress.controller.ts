import { GetImport, leadsMessages, received, WatchImport } from '@apollo/contracts';
import { Bus, type Shown, StreamSlots } from '@apollo/messaging';
import { Controller, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HttpGuard } from '../admission/http.guard.js';
import { Answers } from '../http/answers.decorator.js';
import { planOf } from '../http/route.plan.js';
import {
  endBy,
  ended,
  endOf,
  opened,
  placeFor,
  sent,
  sightsOf,
  STILL_HERE,
  streamed,
  type StreamEnd,
} from './server.sent.stream.js';

type Progress = leadsMessages.ImportProgress;
type Watch = AsyncGenerator<Shown<leadsMessages.LeadImport, Progress>, void>;
type News = IteratorResult<Shown<leadsMessages.LeadImport, Progress>, void>;

const PROGRESS = planOf({
  verb: 'get',
  path: '/v1/orgs/{org}/lead-imports/{id}/progress',
  operation: 'watchImport',
  contract: GetImport,
  summary: 'Watch an import, or its taking back, until it rests; ends when access ends',
  streams: true,
  answers: {
    type: 'text/event-stream',
    schema: {
      type: 'string',
      description:
        'Server-sent events. The first, `stream.opened`, says when what the client came with expires (`ends_at`). Each `import.progress` says in JSON how far the import has come, in the words of the import itself; whoever reads slowly is told fewer of them. The last, `stream.ended`, says why the stream ends (`reason`: `done`, where the import goes on by itself no more; `expired`, `removed`, `suspended`, or `restarted`, after which one comes back at once).',
    },
  },
});

/** What an import does while it has one of these. */
const GOING_ON = ['receiving', 'running', 'undoing'];

/** Streams how far an import comes to whoever may read it. */
@Controller()
export class ImportProgressController {
  constructor(
    private readonly bus: Bus,
    private readonly guard: HttpGuard,
    private readonly slots: StreamSlots,
  ) {}

  @Answers(PROGRESS, 'leads')
  async watch(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const asked = PROGRESS.asked(request).merge(request) as leadsMessages.ObjectRequest;
    if (request.method === 'HEAD') {
      await this.bus.request(GetImport, asked);
      return streamed(reply, []);
    }
    const watch = this.bus.watch(WatchImport, asked, {
      signal: placeFor(reply, this.slots),
      again: (ask) => this.guard.again(request, PROGRESS, ask),
    });
    // The state before the first byte: what can be refused is refused with a problem.
    const first = await watch.next();
    await streamed(reply, this.stream(request, watch, first));
  }

  private async *stream(request: FastifyRequest, watch: Watch, first: News): AsyncGenerator<string> {
    yield opened(this.guard, request);
    let end: StreamEnd;
    try {
      end = yield* this.progress(request, watch, first);
    } catch (error) {
      end = endBy(error);
    }
    yield ended(end);
  }

  /** @returns why it ends @throws why the watch does */
  private async *progress(request: FastifyRequest, watch: Watch, first: News): AsyncGenerator<string, StreamEnd> {
    let shown: Progress | undefined;
    for await (const sight of sightsOf(watch, first, () => endOf(this.guard, request, PROGRESS))) {
      if (sight === 'still here') yield STILL_HERE;
      else if ('end' in sight) return sight.end;
      else {
        const progress = progressOf(sight.look);
        if (!shown || !isBehind(progress, shown)) yield sent('import.progress', (shown = progress));
        if (!GOING_ON.includes(shown.status)) return 'done';
      }
    }
    return 'restarted';
  }
}

function progressOf(shown: Shown<leadsMessages.LeadImport, Progress>): Progress {
  return 'frame' in shown ? shown.frame : received(leadsMessages.ImportProgress, shown.state);
}

/** A frame may be older than the state that was shown before it. */
function isBehind(progress: Progress, shown: Progress): boolean {
  return progress.status === shown.status && done(progress) < done(shown);
}

function done({ rows_read, undo }: Progress): number {
  return rows_read + (undo ? undo.removed + undo.restored + undo.stayed : 0);
}
