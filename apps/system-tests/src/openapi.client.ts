import type { HttpClient } from '@apollo/dev';

type Schema = Record<string, unknown>;

/** One operation of the OpenAPI document. */
export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly { name: string; in: string; required?: boolean; schema: Schema }[];
  readonly bodySchema: Schema | undefined;
  readonly bodyTypes: readonly string[];
  readonly responses: Readonly<Record<string, { content?: Record<string, { schema: Schema }> }>>;
}

/** The document as the gateway serves it. */
export interface ApiDocument {
  readonly operations: readonly Operation[];
  readonly schemas: Readonly<Record<string, Schema>>;
}

/** Reads the OpenAPI document and lists its operations. */
export async function apiDocument(http: HttpClient): Promise<ApiDocument> {
  const { body } = await http.send('GET', '/openapi.json');
  const paths = body['paths'] as Record<string, Record<string, Record<string, unknown>>>;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const content =
        (operation['requestBody'] as { content?: Record<string, { schema: Schema }> } | undefined)?.content ?? {};
      return {
        method: method.toUpperCase(),
        path,
        bodyTypes: Object.keys(content),
        bodySchema: content['application/json']?.schema,
        parameters: (operation['parameters'] ?? []) as Operation['parameters'],
        responses: operation['responses'] as Operation['responses'],
      };
    }),
  );
  const { schemas } = body['components'] as { schemas: Record<string, Schema> };
  return { operations, schemas };
}

/** The path with its parameters filled in. */
export function filled(path: string, values: Readonly<Record<string, string>>): string {
  return path.replace(/\{(\w+)\}/g, (_match, name: string) => encodeURIComponent((values[name] ?? '').toWellFormed()));
}
