import { CreateLead, ListLeads, UpdateLead } from '@apollo/contracts';
import { entityTag } from '@apollo/messaging';
import { testOrg } from '@apollo/testing';
import type { FastifyRequest } from 'fastify';
import { payloadMerger } from './payload.merger.js';
import { planOf } from './route.plan.js';
import type { Route } from './route.js';

const list: Route = { verb: 'get', path: '/v1/orgs/{org}/leads', contract: ListLeads, summary: '' };
const update: Route = {
  verb: 'patch',
  path: '/v1/orgs/{org}/leads/{id}',
  contract: UpdateLead,
  summary: '',
  inject: ['if_match'],
};

function request(parts: { query?: object; body?: unknown; params?: object; headers?: object }): FastifyRequest {
  return { query: {}, params: {}, headers: {}, ...parts } as FastifyRequest;
}

describe('a payload', () => {
  it('takes numbers from a query as numbers, and leaves what only looks like one to the contract', () => {
    const merge = payloadMerger(ListLeads, list);
    expect(merge(request({ query: { limit: '20', search: '20' } }))).toEqual({ limit: 20, search: '20' });
    expect(merge(request({ query: { limit: '2e1' } }))).toEqual({ limit: '2e1' });
    expect(merge(request({ query: { limit: ['1', '2'] } }))).toEqual({ limit: ['1', '2'] });
  });

  it('never coerces a body', () => {
    expect(
      payloadMerger(CreateLead, { ...list, verb: 'post', contract: CreateLead })(
        request({ body: { value_minor: '5' } }),
      ),
    ).toEqual({ value_minor: '5' });
  });

  it('takes path and injected fields from where they belong only', () => {
    const merge = payloadMerger(UpdateLead, update);
    const org = testOrg();
    const headers = { 'if-match': entityTag(org.id, { id: 'x', version: 3 }) };
    expect(org.as(() => merge(request({ body: { city: 'Ulm' }, params: { org: 'acme', id: 'x' }, headers })))).toEqual({
      city: 'Ulm',
      id: 'x',
      if_match: 3,
    });
    expect(() => merge(request({ body: { id: 'y' }, params: { org: 'acme', id: 'x' } }))).toThrow(
      'Some fields were refused',
    );
    expect(() => merge(request({ body: {}, query: { city: 'Ulm' }, params: { org: 'acme', id: 'x' } }))).toThrow(
      'Some fields were refused',
    );
  });

  it('is looked at no further than its refusal tells', () => {
    const names = Array.from({ length: 50 }, (_, at) => `u${at}`);
    const body = Object.fromEntries(names.map((name) => [name, 1]));
    const never = (): never => {
      throw new Error('nobody is told of it');
    };
    Object.defineProperty(body, 'contact_name', { get: never, enumerable: true });
    const merge = payloadMerger(CreateLead, { ...list, verb: 'post', contract: CreateLead });
    expect(() => merge(request({ body }))).toThrow('Some fields were refused');
  });

  it.each([['toString'], ['__proto__'], ['constructor'], ['hasOwnProperty']])(
    'does not take %s for a field',
    (name) => {
      const body = JSON.parse(`{"${name}":1}`) as object;
      expect(() =>
        payloadMerger(CreateLead, { ...list, verb: 'post', contract: CreateLead })(request({ body })),
      ).toThrow('Some fields were refused');
    },
  );
});

describe('a route table', () => {
  it.each<[string, Route]>([
    ['a path parameter the contract does not have', { ...update, path: '/v1/orgs/{org}/leads/{lead}' }],
    ['an injected field the contract does not have', { ...list, inject: ['address'] }],
    ['an organization’s contract outside of its path', { ...list, path: '/v1/leads' }],
  ])('does not hold %s', (_, route) => {
    expect(() => planOf(route)).toThrow();
  });
});
