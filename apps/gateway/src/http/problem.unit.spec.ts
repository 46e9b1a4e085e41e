import { DomainError, type ErrorCode, ERRORS } from '@apollo/contracts';
import { HttpException } from '@nestjs/common';
import { domainErrorOf, problemOf, statusOf } from './problem.js';

describe('a problem', () => {
  it('has an error status for every code of the catalog', () => {
    for (const code of Object.keys(ERRORS) as ErrorCode[]) expect(statusOf(code)).toBeGreaterThanOrEqual(400);
  });

  it('says what the catalog and our own error say', () => {
    const error = new DomainError('validation_failed', 'Some fields were refused.', [
      { field: 'a', problem: 'a is odd' },
    ]);
    expect(problemOf(error, 'request-1')).toEqual({
      type: 'urn:apollo:problem:validation_failed',
      title: 'The request is not valid',
      status: 400,
      detail: 'Some fields were refused.',
      code: 'validation_failed',
      request_id: 'request-1',
      errors: [{ field: 'a', problem: 'a is odd' }],
    });
  });

  const secret = 'select * from leads.leads -- at /srv/app.js:1';
  it.each<[unknown, ErrorCode]>([
    [new Error(secret), 'internal_error'],
    [secret, 'internal_error'],
    [undefined, 'internal_error'],
    [null, 'internal_error'],
    [{ code: secret }, 'internal_error'],
    [Object.assign(new Error(secret), { statusCode: 500 }), 'internal_error'],
    [Object.assign(new Error(secret), { statusCode: 400 }), 'malformed_request'],
    [Object.assign(new Error(secret), { code: 'FST_ERR_CTP_BODY_TOO_LARGE', statusCode: 413 }), 'payload_too_large'],
    [new HttpException(secret, 404), 'route_not_found'],
    [new HttpException(secret, 418), 'malformed_request'],
    [new HttpException(secret, 503), 'service_unavailable'],
    [
      new HttpException(secret, 415, {
        cause: Object.assign(new Error(secret), { code: 'FST_ERR_CTP_INVALID_MEDIA_TYPE' }),
      }),
      'unsupported_media_type',
    ],
    [new DomainError('message_rejected', secret), 'internal_error'],
  ])('hides the words of others (%#)', (thrown, code) => {
    const problem = problemOf(domainErrorOf(thrown), 'request-1');
    expect(problem.code).toBe(code);
    expect(JSON.stringify(problem)).not.toContain('select');
  });
});
