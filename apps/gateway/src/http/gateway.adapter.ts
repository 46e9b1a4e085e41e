import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { DomainError, type ErrorCode } from '@apollo/contracts';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GatewayConfig } from '../config.js';
import { BodyBudget } from '../admission/body.budget.js';
import { within } from '../admission/http.guard.js';
import { requestIdOf } from '../admission/request.origin.js';
import { BodyReader } from './body.reader.js';
import { limitConnections } from './connection.limits.js';
import { keepStreamsAlone } from './lone.streams.js';
import { problemOf, RETRY_LATER_SECONDS } from './problem.js';
import { readRests } from './rest.of.body.js';
import { SECURITY_HEADERS } from './security.headers.js';

/** Milliseconds a whole request may take to arrive; long enough for the largest upload over a slow line. */
const REQUEST_TIMEOUT_MS = 600_000;
/** Milliseconds a connection may be silent. */
const IDLE_TIMEOUT_MS = 60_000;
/** Milliseconds for the header fields. */
const HEADERS_TIMEOUT_MS = 15_000;
/** Milliseconds between looks for connections that have not sent theirs in time. */
const CHECKED_EVERY_MS = 5_000;
const KEEP_ALIVE_MS = 72_000;
const HEADER_BYTES = 16_384;
/** Characters of one path parameter; the longest is an invitation's token. */
const MAX_PARAMETER = 300;

/** Requests are checked against their contracts: Fastify's own schema compilers, four megabytes when loaded, have nothing to do. */
function noSchemas(): never {
  throw new Error('a route of the gateway has a contract, not a schema of its own');
}

/** Answers an error that arises before or beside the framework's own handling. */
export type AnswerProblem = (error: unknown, request: FastifyRequest, reply: FastifyReply) => void;

/** Fastify as this gateway uses it: small limits, own body parsing, every error a problem, none without its context. */
export class GatewayAdapter extends FastifyAdapter {
  constructor(config: Pick<GatewayConfig, 'limits' | 'trustProxy'>, answer: AnswerProblem) {
    super({
      logger: false,
      trustProxy: config.trustProxy,
      genReqId: requestIdOf,
      requestIdHeader: false,
      exposeHeadRoutes: true,
      skipMiddie: true,
      requestTimeout: REQUEST_TIMEOUT_MS,
      connectionTimeout: IDLE_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      http: {
        maxHeaderSize: HEADER_BYTES,
        headersTimeout: HEADERS_TIMEOUT_MS,
        connectionsCheckingInterval: CHECKED_EVERY_MS,
        requireHostHeader: false,
      },
      routerOptions: { maxParamLength: MAX_PARAMETER },
      schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
      frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
        commonHeaders(request, reply);
        answer(error, request, reply);
      },
      clientErrorHandler: refuseConnection,
    });
    const fastify = this.getInstance();
    const { connections, connectionsPerAddress } = config.limits;
    const bounds = { connections, connectionsPerAddress: config.trustProxy === false ? connectionsPerAddress : 0 };
    limitConnections(fastify.server, bounds, (socket) => answerRaw(socket, 'rate_limited'));
    // What Node would answer by itself, in its own words.
    fastify.server.on('connect', (_request: unknown, socket: Socket) => answerRaw(socket, 'method_not_allowed'));
    fastify.server.on('checkExpectation', (_request: unknown, response: ServerResponse) => refuseExpectation(response));
    fastify.removeAllContentTypeParsers();
    new BodyReader(new BodyBudget(config.limits.bodyBytes), config.limits.jsonBytes).install(fastify);
    readRests(fastify);
    // Left on the wire for the one route that reads it there.
    fastify.addContentTypeParser('multipart/form-data', (request, _payload, done) => {
      const takesIt = request.routeOptions.config.plan?.route.accepts?.type === 'multipart/form-data';
      done(takesIt ? null : new DomainError('unsupported_media_type'));
    });
    fastify.addHook('onRequest', (request, reply, done) => {
      const { httpVersion, headers, socket } = request.raw;
      // Reset before it was asked where it comes from: there is nobody to answer. What is known once stays known.
      if (socket.remoteAddress === undefined) return void socket.destroy();
      commonHeaders(request, reply);
      done(
        httpVersion === '1.1' && headers.host === undefined
          ? new DomainError('malformed_request', 'A request names its host.')
          : undefined,
      );
    });
    keepStreamsAlone(fastify);
  }

  /** Errors of parsers and hooks come from anywhere; the filters see the request's context all the same. */
  override setErrorHandler(
    handler: Parameters<FastifyAdapter['setErrorHandler']>[0],
  ): ReturnType<FastifyAdapter['setErrorHandler']> {
    return super.setErrorHandler(function (error, request, reply) {
      return within(request as unknown as FastifyRequest, () => handler.call(this, error, request, reply) as unknown);
    });
  }
}

function commonHeaders(request: FastifyRequest, reply: FastifyReply): void {
  reply.headers(SECURITY_HEADERS).header('x-request-id', request.id);
}

const CODE_OF_PARSER: Record<string, ErrorCode> = {
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
};

/** What Node cannot read as HTTP gets an answer too, and then the connection ends. */
function refuseConnection(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  answerRaw(socket, CODE_OF_PARSER[error.code ?? ''] ?? 'malformed_request');
}

/** Answers in its turn, behind what was asked for before on the same connection. */
function refuseExpectation(response: ServerResponse): void {
  const { status, headers, body } = rawProblem('malformed_request');
  response.writeHead(status, headers).end(body);
}

/** A problem written where there is no reply to write it with; where it would stand in another answer's place, the connection ends without. */
function answerRaw(socket: Socket, code: ErrorCode): void {
  if (isAnsweringAnother(socket)) return void socket.destroy();
  const { status, headers, body } = rawProblem(code);
  const lines = Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
  // Nobody else reads from it any more, and it ends when the other side's end is read.
  socket.resume();
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines}\r\n${body}`);
}

/** Whether a response is being made that is not of what could not be read; by what Node's own handler of client errors goes by. */
function isAnsweringAnother({ _httpMessage: response }: Socket & { _httpMessage?: ServerResponse | null }): boolean {
  return response ? response.req.complete || response.headersSent : false;
}

function rawProblem(code: ErrorCode): { status: number; headers: Record<string, string | number>; body: string } {
  const problem = problemOf(new DomainError(code), requestIdOf({ headers: {} }));
  const body = JSON.stringify(problem);
  const headers = {
    ...SECURITY_HEADERS,
    'x-request-id': problem.request_id,
    'content-type': 'application/problem+json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    connection: 'close',
    ...(problem.status === 429 && { 'retry-after': RETRY_LATER_SECONDS }),
  };
  return { status: problem.status, headers, body };
}
