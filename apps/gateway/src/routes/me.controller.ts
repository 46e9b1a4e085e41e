import { GetMe, identityMessages, ListMyOrgs, NestedList, orgsMessages } from '@apollo/contracts';
import { Bus } from '@apollo/messaging';
import { Controller, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Answers } from '../http/answers.decorator.js';
import { planOf } from '../http/route.plan.js';

/** The person and the organizations they belong to. */
export class MyAccount extends identityMessages.Me {
  @NestedList(() => orgsMessages.MyOrg, { max: 1000 }) orgs!: orgsMessages.MyOrg[];
}

const GET_ME = planOf({
  verb: 'get',
  path: '/v1/me',
  contract: GetMe,
  summary: 'Who I am and where I belong',
  reply: MyAccount,
});

/** The one answer that two services give together. */
@Controller()
export class MeController {
  constructor(private readonly bus: Bus) {}

  @Answers(GET_ME, 'me')
  async me(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { merge } = GET_ME.asked(request);
    const [me, { items }] = await Promise.all([
      this.bus.request(GetMe, merge(request)),
      this.bus.request(ListMyOrgs, {}),
    ]);
    reply.header('content-type', 'application/json; charset=utf-8').send(JSON.stringify({ ...me, orgs: items }));
  }
}
