import { Controller, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Answers } from '../http/answers.decorator.js';
import { planOf } from '../http/route.plan.js';

const health = {
  type: 'application/json',
  schema: { type: 'object', required: ['status'], properties: { status: { type: 'string' } } },
};
const LIVEZ = planOf({ verb: 'get', path: '/livez', summary: 'Whether the process runs', answers: health });
const READYZ = planOf({ verb: 'get', path: '/readyz', summary: 'Whether requests can be served', answers: health });

/** Injection token of the readiness check: rejects when requests cannot be served. */
export const READINESS = Symbol('readiness');

/** What a balancer asks; the details are on the private health port. */
@Controller()
export class HealthController {
  constructor(@Inject(READINESS) private readonly ready: () => Promise<void>) {}

  @Answers(LIVEZ, 'health')
  livez(@Res() reply: FastifyReply): void {
    reply.header('content-type', 'application/json; charset=utf-8').send('{"status":"ok"}');
  }

  @Answers(READYZ, 'health')
  async readyz(@Res() reply: FastifyReply): Promise<void> {
    const ready = await this.ready().then(
      () => true,
      () => false,
    );
    reply
      .code(ready ? 200 : 503)
      .header('content-type', 'application/json; charset=utf-8')
      .send(JSON.stringify({ status: ready ? 'ok' : 'not ready' }));
  }
}
