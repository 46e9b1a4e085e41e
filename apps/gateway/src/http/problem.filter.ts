import { DomainError, ERRORS } from '@apollo/contracts';
import { describe, type Logger } from '@apollo/service-kit/process';
import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RateLimitedError } from '../admission/rate.limits.js';
import { domainErrorOf, problemOf, RETRY_LATER_SECONDS } from './problem.js';
import type { RouteRegister } from './route.register.js';

/** The one way any error leaves: `application/problem+json` by the catalog, and a log line when it is our fault. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly logger: Logger,
    private readonly routes: RouteRegister,
  ) {}

  catch(exception: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(exception, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  /** Sends the problem, unless the answer is on its way already: then the connection ends. */
  answer(exception: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const error = this.refined(exception, request, reply);
    if (error.kind === 'internal') {
      this.logger.error({ request_id: request.id, error: describe(exception) }, 'request failed');
    }
    if (reply.sent || reply.raw.headersSent) {
      reply.raw.destroy();
      return;
    }
    const problem = problemOf(error, request.id);
    if (exception instanceof RateLimitedError) reply.header('retry-after', exception.retryAfterSeconds);
    else if (problem.status === 429) reply.header('retry-after', RETRY_LATER_SECONDS);
    else if (problem.status === 503) reply.header('retry-after', 1);
    if (problem.status === 401) reply.header('www-authenticate', 'Bearer');
    reply
      .removeHeader('etag')
      .code(problem.status)
      .header('content-type', 'application/problem+json; charset=utf-8')
      .send(JSON.stringify(problem));
  }

  private refined(exception: unknown, request: FastifyRequest, reply: FastifyReply): DomainError {
    const error = domainErrorOf(exception);
    // Said where it is known what the route takes; whoever knows more has said it.
    if (error.code === 'unsupported_media_type' && error.detail === ERRORS[error.code][1])
      return new DomainError(error.code, `This route takes ${acceptedBy(request)}.`);
    if (error.code !== 'route_not_found') return error;
    const allowed = this.routes.methodsAt(request.url);
    if (allowed.length === 0 || allowed.includes(request.method)) return error;
    reply.header('allow', allowed.join(', '));
    return new DomainError('method_not_allowed');
  }
}

function acceptedBy(request: FastifyRequest): string {
  return request.routeOptions.config.plan?.route.accepts?.type ?? 'application/json';
}
