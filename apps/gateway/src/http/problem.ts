import { DomainError, type ErrorCode, type ErrorKind, ERRORS, type FieldProblem } from '@apollo/contracts';
import { HttpException } from '@nestjs/common';

/** Seconds after which it may be tried again what a service, or a bound, has had too much of: none says when. */
export const RETRY_LATER_SECONDS = 30;

/** An error as the client sees it, RFC 9457. */
export interface ProblemDetails {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ErrorCode;
  readonly request_id: string;
  readonly errors?: readonly FieldProblem[];
}

const STATUS_OF_KIND: Record<ErrorKind, number> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  gone: 410,
  precondition: 412,
  too_large: 413,
  unprocessable: 422,
  too_many: 429,
  unavailable: 503,
  internal: 500,
};

/** Where HTTP itself has a status of its own. */
const STATUS_OF_CODE: Partial<Record<ErrorCode, number>> = {
  method_not_allowed: 405,
  request_timeout: 408,
  uri_too_long: 414,
  unsupported_media_type: 415,
  headers_too_large: 431,
};

const CODE_OF_FASTIFY: Record<string, ErrorCode> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'payload_too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_INVALID_TYPE: 'unsupported_media_type',
  FST_ERR_MAX_PARAM_LENGTH: 'route_not_found',
};

const CODE_OF_STATUS: Record<number, ErrorCode> = {
  404: 'route_not_found',
  405: 'method_not_allowed',
  408: 'request_timeout',
  413: 'payload_too_large',
  414: 'uri_too_long',
  415: 'unsupported_media_type',
  431: 'headers_too_large',
  503: 'service_unavailable',
};

/** The HTTP status of an error code. */
export function statusOf(code: ErrorCode): number {
  return STATUS_OF_CODE[code] ?? STATUS_OF_KIND[ERRORS[code][0]];
}

/**
 * The catalog's error for whatever was thrown. Only our own errors keep their text; anything else, a framework's
 * included, is told by its code alone, so that no stack, SQL or library wording gets out.
 */
export function domainErrorOf(error: unknown): DomainError {
  if (error instanceof DomainError) {
    // A service whose guard refused the gateway: nothing the client did, nothing it should know.
    return error.code === 'message_rejected' ? new DomainError('internal_error') : error;
  }
  const source = error instanceof HttpException ? (error.cause ?? error) : error;
  const { code, statusCode } = (source ?? {}) as { code?: unknown; statusCode?: unknown };
  const status = error instanceof HttpException ? error.getStatus() : Number(statusCode);
  const known = (typeof code === 'string' ? CODE_OF_FASTIFY[code] : undefined) ?? CODE_OF_STATUS[status];
  return new DomainError(known ?? (status >= 400 && status < 500 ? 'malformed_request' : 'internal_error'));
}

/** The body of an error's answer. */
export function problemOf(error: DomainError, requestId: string): ProblemDetails {
  return {
    type: `urn:apollo:problem:${error.code}`,
    title: ERRORS[error.code][1],
    status: statusOf(error.code),
    detail: error.detail,
    code: error.code,
    request_id: requestId,
    ...(error.fields && error.fields.length > 0 ? { errors: error.fields } : {}),
  };
}
