import { type ErrorCode, ERRORS, type JsonSchema, type RequestContract, schemaOf } from '@apollo/contracts';
import {
  ApiBearerAuth,
  ApiBody,
  ApiConsumes,
  ApiHeader,
  ApiOperation,
  ApiParam,
  ApiQuery,
  ApiResponse,
  ApiSecurity,
  ApiTags,
} from '@nestjs/swagger';
import { openFields } from '../http/payload.merger.js';
import { operationName, parametersOf, type Route } from '../http/route.js';
import type { RoutePlan } from '../http/route.plan.js';
import { classSchema, namedSchema } from './schema.register.js';

type Schema = Record<string, never>;

/** The decorators that document a route from its table entry and its contract. */
export function documented(plan: RoutePlan, tag: string): MethodDecorator[] {
  const { route } = plan;
  const decorators: MethodDecorator[] = [
    ApiTags(tag),
    ApiOperation({ summary: route.summary, operationId: operationName(route), description: whoMay(route.contract) }),
    ...parametersOf(route.path).map((name) =>
      ApiParam({ name, required: true, schema: parameterSchema(name, route) as Schema }),
    ),
    ...success(plan),
    ...problems(route),
  ];
  const { contract } = route;
  if (!contract) return decorators;
  if (needsBearer(contract)) decorators.push(ApiBearerAuth());
  // The one or the other: that is how OpenAPI says it.
  if (route.withoutBearer) decorators.push(ApiSecurity({}) as MethodDecorator);
  if (contract.kind === 'command')
    decorators.push(
      header(
        'Idempotency-Key',
        `The same key with the same request takes effect once and gives the same answer, for ${contract.holdsSecret ? 'ten minutes' : 'a day'}.`,
        200,
      ),
    );
  if (route.inject?.includes('if_match'))
    decorators.push(
      header(
        'If-Match',
        'The ETag the change is based on, its quotes included; 412 when the object has changed since, or the ETag is another’s.',
        40,
      ),
    );
  if (route.verb === 'get' && hasVersion(route))
    decorators.push(header('If-None-Match', 'An ETag; 304 when the object is still the same.', 200));
  decorators.push(...input(contract, route));
  return decorators;
}

function header(name: string, description: string, maxLength: number): MethodDecorator {
  return ApiHeader({ name, description, required: false, schema: { type: 'string', maxLength } }) as MethodDecorator;
}

function whoMay(contract: RequestContract | undefined): string | undefined {
  if (contract?.operatorOnly) return 'Operators only.';
  return contract?.permission && `Needs the permission \`${contract.permission}\`.`;
}

function needsBearer(contract: RequestContract): boolean {
  return contract.scope !== 'platform' || contract.operatorOnly === true;
}

/** Whether the reply is the contract's own and tells its version. */
function hasVersion({ contract, answers }: Route): boolean {
  return (
    contract !== undefined && answers === undefined && 'version' in (schemaOf(contract.reply)['properties'] as object)
  );
}

function parameterSchema(name: string, route: Route): JsonSchema {
  if (name === 'org') return { type: 'string', description: 'Slug of the organization.', maxLength: 100 };
  const fields = route.contract ? (schemaOf(route.contract.request)['properties'] as Record<string, JsonSchema>) : {};
  return fields[name] ?? { type: 'string' };
}

function input(contract: RequestContract, route: Route): MethodDecorator[] {
  if (route.accepts)
    return [ApiConsumes(route.accepts.type), ApiBody({ required: true, schema: route.accepts.schema as Schema })];
  const fields = openFields(contract, route);
  const required = (schemaOf(contract.request)['required'] as string[]).filter((name) => name in fields);
  if (route.verb === 'get') {
    return Object.entries(fields).map(([name, { description, ...schema }]) =>
      ApiQuery({
        name,
        required: required.includes(name),
        schema: schema as Schema,
        ...(typeof description === 'string' && { description }),
      }),
    );
  }
  if (Object.keys(fields).length === 0) return route.withoutBearer ? body(route.withoutBearer, route, false) : [];
  return body(contract, route, required.length > 0);
}

function body(contract: RequestContract, route: Route, required: boolean): MethodDecorator[] {
  const properties = openFields(contract, route);
  const schema = namedSchema(contract.request.name, {
    type: 'object',
    additionalProperties: false,
    required: (schemaOf(contract.request)['required'] as string[]).filter((name) => name in properties),
    properties,
  });
  return [ApiBody({ required, schema: schema as Schema })];
}

function success({ route, status }: RoutePlan): MethodDecorator[] {
  const reply = route.reply ?? route.contract?.reply;
  const media =
    route.answers ?? (reply && status !== 204 ? { type: 'application/json', schema: classSchema(reply) } : undefined);
  const text = { type: 'string' } as const;
  const headers = {
    'X-Request-Id': { description: 'Id of this request, for support and logs.', schema: text },
    ...(route.location && { Location: { description: 'Where the new object is.', schema: text } }),
    ...(hasVersion(route) && {
      ETag: { description: 'This version of this object of this organization; good for no other.', schema: text },
    }),
  };
  const content = media && { [media.type]: { schema: media.schema as Schema } };
  const decorators = [ApiResponse({ status, description: 'Done.', headers, ...(content && { content }) })];
  if (route.verb === 'get' && hasVersion(route))
    decorators.push(ApiResponse({ status: 304, description: 'Not modified.' }));
  return decorators;
}

const MEANING: Record<number, string> = {
  400: 'The request is not valid.',
  401: 'Sign in first.',
  403: 'The role or the state does not allow it.',
  404: 'It does not exist, or not for you.',
  405: 'The route does not know this method.',
  408: 'The request took too long to arrive.',
  409: 'The current state does not allow it.',
  410: 'The link was used, replaced or has expired.',
  412: 'The object has changed since.',
  413: 'The body is too large.',
  414: 'The address is too long.',
  415: 'The content type is not supported.',
  422: 'It cannot be processed.',
  429: 'Too many requests; see Retry-After.',
  431: 'The header fields are too large.',
  500: 'Something went wrong.',
  503: 'A part of the platform does not answer.',
};

function problems(route: Route): MethodDecorator[] {
  const statuses = [400, 404, 408, 414, 429, 431, 500, 503];
  const { contract, verb } = route;
  if (contract && (needsBearer(contract) || route.guarded)) statuses.push(401, 403);
  if (route.guarded) statuses.push(410);
  if (verb !== 'get') statuses.push(409, 413, 415, 422);
  if (route.inject?.includes('if_match')) statuses.push(412);
  const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
  return statuses.sort().map((status) => ApiResponse({ status, description: meaningOf(status, route), content }));
}

function meaningOf(status: number, { unauthenticated }: Route): string {
  return (status === 401 && unauthenticated ? titles(unauthenticated) : MEANING[status]) ?? '';
}

/** What answers with these codes are headed by. */
function titles(codes: readonly ErrorCode[]): string {
  return codes.map((code) => `${ERRORS[code][1]} (\`${code}\`).`).join(' ');
}
