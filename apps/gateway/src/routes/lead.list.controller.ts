import { GetOrg, leadsMessages, ListLeads, textCheck } from '@apollo/contracts';
import { Bus } from '@apollo/messaging';
import { Controller, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Answers } from '../http/answers.decorator.js';
import { Forwarder } from '../http/forwarder.js';
import { planOf } from '../http/route.plan.js';

const LIST_LEADS = planOf({
  verb: 'get',
  path: '/v1/orgs/{org}/leads',
  contract: ListLeads,
  summary: 'List, search, filter and sort leads',
});

const BY_TEXT = /^-?(?:contact_name$|custom_fields\.)/;
const languageProblem = textCheck(leadsMessages.ListLeadsRequest, 'language');

/** A list by text begins in the organization's language, which its service alone knows; further pages know it by their cursor. */
@Controller()
export class LeadListController {
  constructor(
    private readonly forwarder: Forwarder,
    private readonly bus: Bus,
  ) {}

  @Answers(LIST_LEADS, 'leads')
  async list(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const asked = LIST_LEADS.asked(request).merge(request) as leadsMessages.ListLeadsRequest;
    const begins = asked.cursor === undefined && asked.language === undefined;
    const payload = begins && BY_TEXT.test(asked.sort ?? '') ? { ...asked, language: await this.own() } : asked;
    await this.forwarder.ask(ListLeads, payload, LIST_LEADS, request, reply);
  }

  /** The organization's language; undefined for one from before there was a list of them. */
  private async own(): Promise<string | undefined> {
    const { language } = await this.bus.request(GetOrg, {});
    return languageProblem(language) === null ? language : undefined;
  }
}
