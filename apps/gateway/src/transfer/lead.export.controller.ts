import { finished, Readable } from 'node:stream';
import { DomainError, ExportLeads, GetOrg, type leadsMessages } from '@apollo/contracts';
import { Bus } from '@apollo/messaging';
import { Controller, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HttpGuard } from '../admission/http.guard.js';
import { Answers } from '../http/answers.decorator.js';
import { planOf } from '../http/route.plan.js';
import { ExportSlots } from './export.slots.js';
import { csvHeading, csvRows, MARK, type Separator } from './lead.csv.js';

const PAGE_TIMEOUT_MS = 15_000;
/** Milliseconds in which a client takes a page, from when it has one of few slots until it has read the last. */
const STALLED_MS = 30_000;

const EXPORT_LEADS = planOf({
  verb: 'get',
  path: '/v1/orgs/{org}/lead-export',
  contract: ExportLeads,
  summary: 'Export leads as CSV; the connection breaks off when access ends midway',
  streams: true,
  answers: {
    type: 'text/csv',
    schema: {
      type: 'string',
      description:
        'UTF-8 with a mark and a heading line. What starts a formula is escaped with an apostrophe. Imported again, it changes nothing.',
    },
  },
});

/** What an export begins with. */
interface Beginning {
  readonly first: leadsMessages.LeadExportPage;
  readonly currency: string;
  /** Told when the client has taken a page that is not the last. */
  readonly onTaken: () => void;
}

/** Streams leads out page by page; the client sets the pace. */
@Controller()
export class LeadExportController {
  constructor(
    private readonly bus: Bus,
    private readonly guard: HttpGuard,
    private readonly slots: ExportSlots,
  ) {}

  @Answers(EXPORT_LEADS, 'leads')
  async export(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const filter = EXPORT_LEADS.asked(request).merge(request) as leadsMessages.ExportLeadsRequest;
    const slot = this.slots.take();
    const breakOff = (): unknown => request.raw.socket.destroy();
    const stalled = setTimeout(breakOff, STALLED_MS);
    slot.ending.addEventListener('abort', breakOff);
    finished(reply.raw, () => {
      clearTimeout(stalled);
      slot.leave();
    });
    // The first page before the first byte: what can be refused is refused with a problem.
    const first = await this.bus.request(ExportLeads, filter, { timeoutMs: PAGE_TIMEOUT_MS });
    const { currency } = await this.bus.request(GetOrg, {});
    const { org } = request.params as { org: string };
    reply
      .header('content-type', 'text/csv; charset=utf-8; header=present')
      .header('content-disposition', `attachment; filename="${org}-leads.csv"`);
    // The rest is nobody's to wait for who asks for the head alone; without a body, it would be said to be empty.
    const pages = this.pages(request, filter, { first, currency, onTaken: () => stalled.refresh() });
    await reply.send(Readable.from(request.method === 'HEAD' ? [] : pages));
  }

  private async *pages(
    request: FastifyRequest,
    filter: leadsMessages.ExportLeadsRequest,
    { first, currency, onTaken }: Beginning,
  ): AsyncGenerator<string> {
    const keys = first.custom_keys;
    const separator = filter.separator as Separator | undefined;
    yield MARK + csvHeading(keys, separator) + csvRows(first.items, keys, currency, separator);
    for (let { next_cursor: cursor } = first; cursor !== null;) {
      onTaken();
      const page = await this.next(request, { ...filter, cursor });
      // Amounts of a later page may be in another one, and the rows before have said this one.
      if ((await this.bus.request(GetOrg, {})).currency !== currency)
        throw new DomainError('state_conflict', 'The currency has changed.');
      yield csvRows(page.items, keys, currency, separator);
      cursor = page.next_cursor;
    }
  }

  /** An export may take minutes: each page asks again whether the person may still have it. */
  private next(
    request: FastifyRequest,
    payload: leadsMessages.ExportLeadsRequest,
  ): Promise<leadsMessages.LeadExportPage> {
    return this.guard.again(request, EXPORT_LEADS, () =>
      this.bus.request(ExportLeads, payload, { timeoutMs: PAGE_TIMEOUT_MS }),
    );
  }
}
