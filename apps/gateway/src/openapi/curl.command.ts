import { exampleValue } from './example.value.js';

interface CalledOperation {
  readonly security?: readonly object[];
  readonly parameters?: { name: string; in: string; required?: boolean; schema?: object }[];
  readonly requestBody?: { content: Record<string, { schema: object }> };
  readonly responses: Record<string, { content?: Record<string, unknown> }>;
}

/** Stands for the address of the API until somebody asks for the page by one. */
export const ORIGIN = '{{origin}}';

/**
 * A command that calls an operation. It takes the organization's slug and the token from the shell's `ORG` and `TOKEN`;
 * everything else is in it.
 */
export function curlCommand(
  verb: string,
  path: string,
  operation: CalledOperation,
  schemas: Readonly<Record<string, object>>,
): string {
  const parameters = operation.parameters ?? [];
  const address = path.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => {
    if (name === 'org' || name === 'slug') return '$ORG';
    const { schema = {} } = parameters.find((each) => each.name === name) ?? {};
    return encodeURIComponent(String(exampleValue(schema, schemas, name)));
  });
  const query = parameters
    .filter((each) => each.in === 'query' && each.required)
    .map(({ name, schema = {} }) => `${name}=${encodeURIComponent(String(exampleValue(schema, schemas, name)))}`);
  const streams = Object.values(operation.responses).some(({ content }) => 'text/event-stream' in (content ?? {}));
  return [
    `curl ${streams ? '-N' : '-s'}${verb === 'get' || verb === 'post' ? '' : ` -X ${verb.toUpperCase()}`} "${ORIGIN}${address}${query.length > 0 ? `?${query.join('&')}` : ''}"`,
    ...(needsToken(operation) ? ['-H "authorization: Bearer $TOKEN"'] : []),
    ...bodyArguments(verb, operation, schemas),
  ].join(' \\\n  ');
}

/** Whether nobody gets in without a token. */
export function needsToken({ security = [] }: Pick<CalledOperation, 'security'>): boolean {
  return security.length > 0 && security.every((way) => Object.keys(way).length > 0);
}

function bodyArguments(
  verb: string,
  { requestBody }: CalledOperation,
  schemas: Readonly<Record<string, object>>,
): string[] {
  const [type, media] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  if (!type || !media) return verb === 'post' ? ['-X POST'] : [];
  if (type === 'multipart/form-data') return ['-F file=@leads.csv'];
  const body = JSON.stringify(exampleValue(media.schema, schemas));
  return [`-H 'content-type: ${type}'`, `-d '${body.replaceAll("'", String.raw`'\''`)}'`];
}
