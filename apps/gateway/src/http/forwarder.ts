import { type RequestContract } from '@apollo/contracts';
import { Bus, type RawReply } from '@apollo/messaging';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { idempotencyKey } from './injected.fields.js';
import type { RoutePlan } from './route.plan.js';

/** Injection token of what resolves when every announcement that has arrived by now is taken into account. */
export const HEARD = Symbol('heard');

/** The one call behind nearly every route: asks the contract's service and passes its answer on unread. */
@Injectable()
export class Forwarder {
  constructor(
    private readonly bus: Bus,
    @Inject(HEARD) private readonly heard: () => Promise<void>,
  ) {}

  /** Merges the payload, asks, answers. @throws DomainError the service's own, or why it was not asked */
  async forward(plan: RoutePlan, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { contract, merge } = plan.asked(request);
    await this.ask(contract, merge(request), plan, request, reply);
  }

  /** As `forward`, with a payload made by the caller. */
  async ask(
    contract: RequestContract,
    payload: object,
    plan: RoutePlan,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const key = contract.kind === 'command' ? idempotencyKey(request) : undefined;
    const answer = await this.bus.requestRaw(contract, payload, { idempotencyKey: key });
    // What the command changed was announced before it was answered: the caller's next request must find it so.
    if (contract.kind === 'command') await this.heard();
    pass(answer, plan, request, reply);
  }
}

function pass(answer: RawReply, plan: RoutePlan, request: FastifyRequest, reply: FastifyReply): void {
  if (answer.etag) {
    reply.header('etag', answer.etag);
    if (plan.route.verb === 'get' && matches(request.headers['if-none-match'], answer.etag)) {
      reply.code(304).send();
      return;
    }
  }
  reply.code(plan.status);
  if (plan.status === 204) {
    reply.send();
    return;
  }
  const bytes = Buffer.from(answer.body.buffer, answer.body.byteOffset, answer.body.byteLength);
  if (plan.route.location)
    reply.header(
      'location',
      filled(plan.route.location, request.params as object, JSON.parse(bytes.toString('utf8')) as object),
    );
  reply.header('content-type', 'application/json; charset=utf-8').send(bytes);
}

/** `If-None-Match` compares weakly: a proxy that changed the encoding may have marked the tag so. */
function matches(header: string | undefined, etag: string): boolean {
  return (
    header !== undefined &&
    header.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag)
  );
}

/** A template's parameters from the reply first, then from the path. */
export function filled(template: string, params: object, reply: object): string {
  const values = { ...params, ...reply } as Record<string, unknown>;
  return template.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(values[name])));
}
