import { DomainError, TakeProviderMessage } from '@apollo/contracts';
import { Controller, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Answers } from '../http/answers.decorator.js';
import { Forwarder } from '../http/forwarder.js';
import { RAW_JSON } from '../http/json.parser.js';
import { planOf } from '../http/route.plan.js';

const STRIPE = planOf({
  verb: 'post',
  path: '/v1/webhooks/stripe',
  contract: TakeProviderMessage,
  accepts: RAW_JSON,
  summary: 'What Stripe tells of payments, signed in the header Stripe-Signature',
});

/** Hands messages of the payment provider on byte for byte: their signature is over the bytes, and is checked where its secret is. */
@Controller()
export class WebhookController {
  constructor(private readonly forwarder: Forwarder) {}

  @Answers(STRIPE, 'webhooks')
  async stripe(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const signature = request.headers['stripe-signature'];
    const { body } = request;
    if (typeof signature !== 'string' || !Buffer.isBuffer(body) || body.length === 0)
      throw new DomainError('validation_failed', 'The message is not signed.');
    await this.forwarder.ask(
      TakeProviderMessage,
      { body: body.toString('base64'), signature: signature.slice(0, 2_000) },
      STRIPE,
      request,
      reply,
    );
  }
}
