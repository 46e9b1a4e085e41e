import { DomainError, type FieldProblem, type JsonSchema, type RequestContract, schemaOf } from '@apollo/contracts';
import type { FastifyRequest } from 'fastify';
import { readInjected } from './injected.fields.js';
import { type Injected, parametersOf, type Route } from './route.js';

/** Problems that one refusal tells at most; more of them are not even looked for. */
const PROBLEMS_TOLD = 50;

const NOT_CLEARED = 'must not be null; a field that is to stay as it is is left out';

/** Makes a contract's payload out of an HTTP request. @throws DomainError `validation_failed` */
export type PayloadMerger = (request: FastifyRequest) => object;

/** The fields of a contract that a client may send, by query (GET) or body (everything else). */
export function openFields(contract: RequestContract, route: Route): Record<string, JsonSchema> {
  const taken = new Set<string>([...parametersOf(route.path), ...(route.inject ?? [])]);
  const properties = schemaOf(contract.request)['properties'] as Record<string, JsonSchema>;
  return Object.fromEntries(Object.entries(properties).filter(([name]) => !taken.has(name)));
}

/**
 * Prepares the merging of path, query or body, and injected fields. A client's field that is none of the contract's,
 * or that the path or the gateway fills in, is refused rather than dropped; and so is, in a change, null for what cannot be
 * cleared: the contract takes it for left out, and the change would be answered as done.
 *
 * @throws Error at start, when path or `inject` name something the contract does not have
 */
export function payloadMerger(contract: RequestContract, route: Route): PayloadMerger {
  const properties = schemaOf(contract.request)['properties'] as Record<string, JsonSchema>;
  const inPath = parametersOf(route.path).filter((name) => name !== 'org');
  const injected: readonly Injected[] = route.inject ?? [];
  const strange = [...inPath, ...injected].filter((name) => !Object.hasOwn(properties, name));
  if (strange.length > 0)
    throw new Error(`${route.verb} ${route.path}: ${contract.method} has no field ${strange.join(', ')}`);
  const open = new Map(Object.entries(openFields(contract, route)));
  const isGet = route.verb === 'get';
  const isChange = route.verb === 'patch';

  return (request) => {
    const payload: Record<string, unknown> = {};
    const problems: FieldProblem[] = isGet
      ? []
      : refuseAll(request.query as object, 'is not a parameter of this route');
    const given = isGet ? (request.query as Record<string, unknown>) : objectBody(request.body);
    for (const name of Object.keys(given)) {
      const schema = open.get(name);
      if (schema && isChange && given[name] === null && !takesNull(schema)) problems.push(problem(name, NOT_CLEARED));
      else if (schema) payload[name] = isGet ? coerced(given[name], schema) : given[name];
      else problems.push(problem(name, 'is not a field of this request'));
      if (problems.length >= PROBLEMS_TOLD) break;
    }
    if (problems.length > 0) throw new DomainError('validation_failed', 'Some fields were refused.', problems);
    const params = request.params as Record<string, string>;
    for (const name of inPath) payload[name] = coerced(params[name], properties[name] ?? {});
    for (const name of injected) payload[name] = readInjected(name, request, payload);
    return payload;
  };
}

function takesNull({ anyOf }: JsonSchema): boolean {
  return Array.isArray(anyOf) && (anyOf as readonly JsonSchema[]).some(({ type }) => type === 'null');
}

function objectBody(body: unknown): Record<string, unknown> {
  if (body === undefined) return {};
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Record<string, unknown>;
  throw new DomainError('validation_failed', 'The body must be a JSON object.');
}

function refuseAll(given: object, why: string): FieldProblem[] {
  return Object.keys(given)
    .slice(0, PROBLEMS_TOLD)
    .map((name) => problem(name, why));
}

function problem(name: string, why: string): FieldProblem {
  const field = name.slice(0, 100);
  return { field, problem: `${field} ${why}` };
}

/** Text of a path or a query string as the type the schema names; what does not fit stays as it is, for the contract to refuse. */
function coerced(value: unknown, schema: JsonSchema): unknown {
  if (typeof value !== 'string') return value;
  if (schema['type'] === 'integer') return /^-?\d{1,16}$/.test(value) ? Number(value) : value;
  if (schema['type'] === 'boolean') return value === 'true' ? true : value === 'false' ? false : value;
  return value;
}
