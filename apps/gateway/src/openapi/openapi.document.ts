import { ERRORS, type JsonSchema } from '@apollo/contracts';
import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { componentSchemas } from './schema.register.js';

const problem: JsonSchema = {
  type: 'object',
  description: 'RFC 9457. `code` is stable and the thing to test for.',
  required: ['type', 'title', 'status', 'detail', 'code', 'request_id'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: { type: 'string', enum: Object.keys(ERRORS) },
    request_id: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['field', 'problem'],
        properties: { field: { type: 'string' }, problem: { type: 'string' } },
      },
    },
  },
};

const description = `The organization of a request is the one in its address, checked against the caller's membership each time.
An organization that does not exist and one the caller does not belong to are the same 404. Errors are \`application/problem+json\` with a stable \`code\`.
Lists take \`limit\` (50, at most 200) and \`cursor\`; a cursor works only for the organization, person and query it was made for. Unknown fields are refused.`;

/** The OpenAPI 3.1 document of everything the application serves, read from its controllers. */
export function openApiDocument(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Apollo Space')
    .setDescription(description)
    .setVersion('1')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addBearerAuth({
      type: 'http',
      scheme: 'bearer',
      bearerFormat: 'JWT',
      description: 'Access token of `POST /v1/auth/login`, ten minutes.',
    })
    .build();
  const document = SwaggerModule.createDocument(app, config, { autoTagControllers: false });
  return {
    ...document,
    components: { ...document.components, schemas: { ...componentSchemas(), Problem: problem } as never },
  };
}
