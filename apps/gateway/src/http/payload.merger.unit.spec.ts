import {
  CreateLead,
  type DomainError,
  ListLeads,
  ReadDocumentPage,
  type RequestContract,
  UpdateLead,
} from '@apollo/contracts';
import { entityTag } from '@apollo/messaging';
import { testOrg } from '@apollo/testing';
import type { FastifyRequest } from 'fastify';
import { BILLING } from '../routes/billing.routes.js';
import { LEADS, PIPELINES } from '../routes/leads.routes.js';
import { ME } from '../routes/me.routes.js';
import { INVITATIONS, ORGS } from '../routes/orgs.routes.js';
import { openFields, payloadMerger } from './payload.merger.js';
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

  it('takes numbers from a path as numbers, and leaves what only looks like one to the contract', () => {
    const path = '/v1/orgs/{org}/documents/{id}/pages/{page}';
    const merge = payloadMerger(ReadDocumentPage, { ...list, path, contract: ReadDocumentPage });
    expect(merge(request({ params: { org: 'acme', id: '7', page: '12' } }))).toEqual({ id: '7', page: 12 });
    expect(merge(request({ params: { org: 'acme', id: '7', page: '1e2' } }))).toEqual({ id: '7', page: '1e2' });
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

  it('hands null on to what is made, and refuses it in a change of what cannot be cleared', () => {
    const create = payloadMerger(CreateLead, { ...list, verb: 'post', contract: CreateLead });
    expect(create(request({ body: { company: null } }))).toEqual({ company: null });
    const refusal = (body: object): unknown => {
      try {
        return payloadMerger(UpdateLead, update)(request({ body, params: { org: 'acme', id: 'x' } }));
      } catch (error) {
        return (error as DomainError).fields;
      }
    };
    expect(refusal({ company: null, tags: null })).toMatchObject({ company: null, tags: null });
    expect(refusal({ contact_name: null, company: null })).toEqual([
      { field: 'contact_name', problem: 'contact_name must not be null; a field that is to stay as it is is left out' },
    ]);
  });

  const changes = [BILLING, INVITATIONS, LEADS, ME, ORGS, PIPELINES]
    .flatMap(({ routes }) => routes)
    .filter(({ verb }) => verb === 'patch');

  it('of a change clears these fields by null, and no other is answered as if it were', () => {
    const cleared = changes.map((route) => {
      const { contract, path } = route;
      const merge = payloadMerger(contract as RequestContract, { ...route, inject: [] });
      const takes = (name: string): boolean => {
        try {
          return merge(request({ body: { [name]: null } })) !== undefined;
        } catch {
          return false;
        }
      };
      return [
        path.replace('/v1/orgs/{org}', ''),
        Object.keys(openFields(contract as RequestContract, route)).filter(takes),
      ];
    });
    expect(Object.fromEntries(cleared)).toEqual({
      '': ['description', 'country'],
      '/billing/caps': ['agent_id', 'person_id', 'stars'],
      '/billing/plan': [],
      '/lead-fields/{id}': [],
      '/leads/{id}': [
        'company',
        'email',
        'phone',
        'site',
        'city',
        'state',
        'country',
        'owner_id',
        'value_minor',
        'tags',
      ],
      '/members/{user_id}': [],
      '/pipelines/{id}': [],
      '/pipelines/{pipeline_id}/stages/{id}': [],
    });
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
