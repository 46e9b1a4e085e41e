import { setTimeout as sleep } from 'node:timers/promises';
import { CreateLead, DomainError } from '@apollo/contracts';
import { Bus } from '@apollo/messaging';
import { currentTenant } from '@apollo/tenancy';
import {
  type ArgumentsHost,
  Body,
  type CanActivate,
  Catch,
  Controller,
  type ExceptionFilter,
  Injectable,
  Module,
  type PipeTransform,
  Req,
  Res,
  UseFilters,
  UseGuards,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Answers } from '../http/answers.decorator.js';
import { domainErrorOf, statusOf } from '../http/problem.js';
import { planOf } from '../http/route.plan.js';
import { World } from './world.spec.js';

/** Where a request was seen, and for which organization. */
const seen = new Map<string, Record<string, string | null>>();

function note(place: string): void {
  const { requestId, orgId } = currentTenant();
  seen.set(requestId, { ...seen.get(requestId), [place]: orgId });
}

@Injectable()
class ProbeGuard implements CanActivate {
  async canActivate(): Promise<boolean> {
    note('guard');
    await sleep(Math.random() * 5);
    note('guard after waiting');
    return true;
  }
}

@Injectable()
class ProbePipe implements PipeTransform {
  transform(value: unknown): unknown {
    note('pipe');
    return value;
  }
}

@Injectable()
class ProbeService {
  constructor(private readonly bus: Bus) {}

  async work(fail: boolean): Promise<void> {
    note('service');
    await sleep(Math.random() * 5);
    await this.bus.request(CreateLead, { contact_name: 'probe' });
    note('service after the bus');
    if (fail) throw new DomainError('state_conflict');
  }
}

@Catch()
class ProbeFilter implements ExceptionFilter {
  catch(exception: unknown, host: ArgumentsHost): void {
    note('filter');
    void host
      .switchToHttp()
      .getResponse<FastifyReply>()
      .code(statusOf(domainErrorOf(exception).code))
      .send('');
  }
}

const PROBE = planOf({ verb: 'post', path: '/v1/orgs/{org}/probe', contract: CreateLead, summary: 'Probe' });

@Controller()
class ProbeController {
  constructor(private readonly service: ProbeService) {}

  @Answers(PROBE, 'probe')
  @UseGuards(ProbeGuard)
  @UseFilters(ProbeFilter)
  async probe(
    @Body(ProbePipe) body: { fail?: boolean },
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    note('handler');
    await this.service.work(body.fail === true);
    note('handler after waiting');
    await reply.send(JSON.stringify({ org: request.tenant?.orgId }));
  }
}

@Module({ controllers: [ProbeController], providers: [ProbeService, ProbeGuard, ProbePipe, ProbeFilter] })
class ProbeModule {}

let world: World;
beforeAll(async () => {
  world = await World.start({ modules: [ProbeModule] });
});
afterAll(() => world?.stop());
beforeEach(() => seen.clear());

const onTheWay = ['guard', 'guard after waiting', 'pipe', 'handler', 'service', 'service after the bus'];

describe('the context of a request', () => {
  it('is the same at guard, pipe, handler, service and exception filter, for a hundred interleaved organizations', async () => {
    const person = await world.person();
    const orgs = Array.from({ length: 100 }, () => world.org({ [person.id]: 'member' }));
    const requests = orgs.flatMap((org) =>
      [false, true].map(async (fail) => {
        const requestId = `${org.slug}-${fail ? 'fails' : 'works'}`;
        // A body in several packets is read in the context of the socket; nothing of that may show.
        const answer = await world.ask('POST', `/v1/orgs/${org.slug}/probe`, {
          as: person,
          body: { fail, padding: 'x'.repeat(100_000) },
          headers: { 'x-request-id': requestId },
        });
        expect(answer.status).toBe(fail ? 409 : 200);
        const places = [...onTheWay, fail ? 'filter' : 'handler after waiting'];
        expect(seen.get(requestId)).toEqual(Object.fromEntries(places.map((place) => [place, org.id])));
      }),
    );
    await Promise.all(requests);
    const sent = world.asked(CreateLead);
    expect(sent).toHaveLength(200);
    for (const { context } of sent) {
      const org = world.orgs.get(context.requestId.replace(/-(fails|works)$/, ''));
      expect([context.orgId, context.actor, context.role, context.membershipVersion]).toEqual([
        org?.id,
        person.id,
        'member',
        1,
      ]);
    }
  });

  it('is open nowhere outside of a request', () => {
    expect(() => currentTenant()).toThrow('No tenant context is open');
  });
});
