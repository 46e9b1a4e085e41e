import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { type LiveOrg, Stage } from './live.platform.js';
import { type ApiDocument, apiDocument, filled, type Operation } from './openapi.client.js';

/** Requests per operation; what a run finds is printed with its seed. */
const RUNS = 25;

describe('whatever is sent to any route', () => {
  const stage = new Stage();
  let api: ApiDocument;
  let org: LiveOrg;
  let ids: string[];

  beforeAll(async () => {
    api = await apiDocument(stage.nobody);
    org = await stage.org();
    const lead = await org.owner.http.post(`/v1/orgs/${org.slug}/leads`, { contact_name: 'target' });
    ids = [String(lead['id']), String(lead['pipeline_id']), String(lead['stage_id'])];
  });

  const nasty = fc.constantFrom(
    '',
    ' ',
    '\u0000',
    '%00',
    '../../etc/passwd',
    "'; drop table leads.leads; --",
    '<script>',
    '\ud800',
    'ÿ',
    '🚀',
    'null',
    '-1',
    '1e999',
    '{}',
    '[]',
    'a'.repeat(5000),
    '$ne',
    '${7*7}',
    '%',
    '\u202e',
    '0',
    'true',
  );
  const anyText = fc.oneof(nasty, fc.string({ maxLength: 40 }), fc.uuid());
  const anyValue: fc.Arbitrary<unknown> = fc.oneof(
    anyText,
    fc.integer(),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.array(anyText, { maxLength: 3 }),
    fc.dictionary(anyText, anyText, { maxKeys: 3 }),
  );

  /** Values that a schema would take, now and then, so that requests get past the guard. */
  function fitting(schema: Record<string, unknown>): fc.Arbitrary<unknown> {
    const target =
      typeof schema['$ref'] === 'string' ? (api.schemas[schema['$ref'].split('/').pop() ?? ''] ?? {}) : schema;
    if (Array.isArray(target['enum'])) return fc.constantFrom(...(target['enum'] as unknown[]));
    switch (target['type']) {
      case 'object': {
        const properties = Object.entries((target['properties'] ?? {}) as Record<string, Record<string, unknown>>);
        return properties.length === 0
          ? fc.dictionary(fc.string({ maxLength: 10 }), anyText, { maxKeys: 3 })
          : fc.record(
              Object.fromEntries(
                properties.map(([name, property]) => [
                  name,
                  fc.oneof({ weight: 6, arbitrary: fitting(property) }, { weight: 1, arbitrary: anyValue }),
                ]),
              ),
              { requiredKeys: [] },
            );
      }
      case 'array':
        return fc.array(fitting((target['items'] ?? {}) as Record<string, unknown>), { maxLength: 3 });
      case 'integer':
        return fc.integer({
          min: Number(target['minimum'] ?? -5),
          max: Math.min(Number(target['maximum'] ?? 5), 2 ** 31),
        });
      case 'boolean':
        return fc.boolean();
      default:
        return target['format'] === 'uuid'
          ? fc.constantFrom(...ids)
          : target['format'] === 'email'
            ? fc.constant('nobody@example.com')
            : target['format'] === 'date-time'
              ? fc.constant('2026-01-01T00:00:00Z')
              : anyText;
    }
  }

  function requestFor(operation: Operation): fc.Arbitrary<{
    path: Record<string, string>;
    query: Record<string, string | undefined>;
    body: unknown;
    raw: string | undefined;
    contentType: string;
  }> {
    const names = [...operation.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
    const pathValue = (name: string): fc.Arbitrary<string> =>
      (name === 'org'
        ? fc.oneof({ weight: 9, arbitrary: fc.constant(org.slug) }, { weight: 1, arbitrary: anyText })
        : fc.oneof(fc.constantFrom(...ids), anyText)
      ).map((value) => value || 'x');
    const queries = operation.parameters.filter((parameter) => parameter.in === 'query');
    return fc.record({
      path: fc.record(Object.fromEntries(names.map((name) => [name, pathValue(name)]))),
      query: fc.record(
        Object.fromEntries(
          queries.map((parameter) => [parameter.name, fc.oneof(fitting(parameter.schema).map(String), anyText)]),
        ),
        { requiredKeys: [] },
      ),
      body: operation.bodySchema
        ? fc.oneof({ weight: 5, arbitrary: fitting(operation.bodySchema) }, { weight: 1, arbitrary: anyValue })
        : fc.constant(undefined),
      raw: fc.oneof(
        { weight: 8, arbitrary: fc.constant(undefined) },
        {
          weight: 1,
          arbitrary: fc.constantFrom(
            '{',
            '',
            '[[[[',
            '{"a":',
            'x'.repeat(100),
            '\ufeff{}',
            '{"__proto__":{"x":1}}',
            '['.repeat(5000),
          ),
        },
      ),
      contentType: fc.oneof(
        { weight: 9, arbitrary: fc.constant('application/json') },
        {
          weight: 1,
          arbitrary: fc.constantFrom(
            'text/plain',
            'application/xml',
            'application/json; charset=utf-16',
            'multipart/form-data',
            'nonsense',
          ),
        },
      ),
    });
  }

  it('never ends in a 5xx, never shows a stack or SQL, and answers as documented', async () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema({ $id: 'api', components: { schemas: api.schemas } });
    const absolute = (schema: unknown): object =>
      JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"api#/components/')) as object;
    // Signing out and deleting would end the run for the ones after them.
    const operations = api.operations.filter(
      ({ method, path }) =>
        !(method === 'DELETE' && /^\/v1\/(me\/sessions|orgs\/\{org\}$)/.test(path)) && !path.endsWith('/leave'),
    );
    expect(operations.length).toBeGreaterThan(50);
    for (const operation of operations) {
      const name = `${operation.method} ${operation.path}`;
      await fc.assert(
        fc.asyncProperty(requestFor(operation), async ({ path, query, body, raw, contentType }) => {
          const url = new URL(filled(operation.path, path), stage.platform.gateway);
          for (const [key, value] of Object.entries(query))
            if (value !== undefined) url.searchParams.set(key, value.toWellFormed());
          const text = ['GET', 'HEAD'].includes(operation.method)
            ? undefined
            : (raw ?? (body === undefined ? undefined : JSON.stringify(body)));
          // A stream that is let in has no end to read to.
          const headers = {
            ...(text !== undefined && { 'content-type': contentType }),
            ...(operation.path.endsWith('/events') && { 'last-event-id': 'none of ours' }),
          };
          const answer = await org.owner.http.ask(operation.method, url.pathname + url.search, {
            rawBody: text,
            headers,
          });
          expect(`${name} ${answer.status}`).not.toMatch(/ 5\d\d$/);
          // The codes as words of their own: a request's id has their digits inside now and then.
          expect(answer.text).not.toMatch(
            /node_modules|at [A-Z]\w+\.|\bselect\b.*\bfrom\b|SQLSTATE|\b(?:22P02|23505)\b|QueryFailed/i,
          );
          if (answer.status >= 400) {
            expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
            expect(answer.body).toMatchObject({
              status: answer.status,
              code: expect.stringMatching(/^[a-z_]+$/),
              request_id: expect.any(String),
            });
          } else {
            const documented = operation.responses[String(answer.status)];
            expect(documented ? '' : `${name} answers an undocumented ${answer.status}`).toBe('');
            const schema = documented?.content?.['application/json']?.schema;
            if (schema && answer.text)
              expect({ name, valid: ajv.validate(absolute(schema), answer.body), errors: ajv.errors }).toEqual({
                name,
                valid: true,
                errors: null,
              });
          }
        }),
        { numRuns: RUNS, endOnFailure: true },
      );
    }
  });

  it('keeps every process running', async () => {
    for (const [service, url] of Object.entries(stage.platform.health)) {
      expect({ service, status: (await fetch(`${url}/readyz`)).status }).toEqual({ service, status: 200 });
    }
    for (const pid of Object.values(stage.platform.pids)) expect(() => process.kill(pid, 0)).not.toThrow();
  });
});
