import type { ServiceName } from './contract.js';
import type { FieldProblem } from './validation.js';

/** The few ways anything fails; each maps to one HTTP status at the gateway. */
export type ErrorKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'gone'
  | 'precondition'
  | 'unprocessable'
  | 'too_large'
  | 'too_many'
  | 'unavailable'
  | 'internal';

/** Every error a caller may see: stable code → kind and title. The one catalog. */
export const ERRORS = {
  validation_failed: ['invalid', 'The request is not valid'],
  malformed_json: ['invalid', 'The body is not valid JSON'],
  invalid_cursor: ['invalid', 'The cursor does not belong to this list'],
  malformed_request: ['invalid', 'The request is not well formed'],
  method_not_allowed: ['invalid', 'The route does not know this method'],
  uri_too_long: ['invalid', 'The address is too long'],
  headers_too_large: ['invalid', 'The header fields are too large'],
  request_timeout: ['invalid', 'The request took too long to arrive'],
  unsupported_media_type: ['invalid', 'The content type is not supported'],
  invalid_csv: ['unprocessable', 'The file cannot be read as CSV'],
  invalid_encoding: ['unprocessable', 'The file is not UTF-8'],
  upload_incomplete: ['unprocessable', 'The file did not arrive as a whole'],
  missing_column: ['unprocessable', 'A mapped column is missing from the file'],
  unauthenticated: ['unauthenticated', 'Sign in first'],
  invalid_credentials: ['unauthenticated', 'The credentials are not right'],
  mfa_required: ['unauthenticated', 'A second factor is needed'],
  invalid_refresh_token: ['unauthenticated', 'The refresh token is not valid'],
  forbidden: ['forbidden', 'The role does not allow this'],
  mfa_enrollment_required: ['forbidden', 'This organization requires a second factor'],
  owner_required: ['forbidden', 'Only an Owner may do this'],
  org_suspended: ['forbidden', 'The organization is suspended'],
  wrong_recipient: ['forbidden', 'The invitation is for another address'],
  not_granted: ['forbidden', 'No access grant allows this'],
  org_not_found: ['not_found', 'No such organization'],
  not_found: ['not_found', 'No such object'],
  route_not_found: ['not_found', 'No such route'],
  link_used: ['gone', 'The link was used, replaced or has expired'],
  slug_taken: ['conflict', 'The slug is taken'],
  already_member: ['conflict', 'The person is a member already'],
  last_owner: ['conflict', 'An organization keeps at least one Owner'],
  name_taken: ['conflict', 'The name is taken'],
  external_id_taken: ['conflict', 'A lead with this external id exists'],
  in_use: ['conflict', 'The object is still in use'],
  price_changed: ['conflict', 'Another version of the price book holds'],
  state_conflict: ['conflict', 'The current state does not allow this'],
  etag_mismatch: ['precondition', 'The object has changed since it was read'],
  idempotency_mismatch: ['unprocessable', 'The idempotency key was used with another request'],
  payload_too_large: ['too_large', 'The body is too large'],
  rate_limited: ['too_many', 'Too many requests'],
  service_unavailable: ['unavailable', 'A part of the platform does not answer'],
  deadline_exceeded: ['unavailable', 'The deadline has passed'],
  message_rejected: ['forbidden', 'The message was rejected at the guard'],
  internal_error: ['internal', 'Something went wrong'],
} as const satisfies Record<string, readonly [ErrorKind, string]>;

/** A stable error code. */
export type ErrorCode = keyof typeof ERRORS;

/** A failure the caller is told about. Its text never holds another tenant's data, SQL or a stack. */
export class DomainError extends Error {
  constructor(
    readonly code: ErrorCode,
    /** One sentence for this occurrence. */
    readonly detail: string = ERRORS[code][1],
    readonly fields?: readonly FieldProblem[],
  ) {
    super(`${code}: ${detail}`);
    this.name = 'DomainError';
  }

  get kind(): ErrorKind {
    return ERRORS[this.code][0];
  }
}

/** The refusal of one field. */
export function refusedField(field: string, problem: string): DomainError {
  return new DomainError('validation_failed', 'Some fields were refused.', [{ field, problem }]);
}

/** Tells whoever needs a service that it is away, in words for people. */
export function serviceAway(service: ServiceName): DomainError {
  return new DomainError('service_unavailable', `The ${service} service does not answer at the moment.`);
}

/** How an error travels in a reply. */
export interface ErrorBody {
  readonly code: ErrorCode;
  readonly detail: string;
  readonly fields?: readonly FieldProblem[];
}

/** The wire form; anything that is not a DomainError becomes `internal_error` without a word about its cause. */
export function errorBody(error: unknown): ErrorBody {
  return error instanceof DomainError
    ? { code: error.code, detail: error.detail, ...(error.fields ? { fields: error.fields } : {}) }
    : { code: 'internal_error', detail: ERRORS.internal_error[1] };
}

/** The error a reply's body stands for; an unknown code of a newer service becomes `internal_error`. */
export function errorFrom(body: ErrorBody): DomainError {
  return body.code in ERRORS ? new DomainError(body.code, body.detail, body.fields) : new DomainError('internal_error');
}
