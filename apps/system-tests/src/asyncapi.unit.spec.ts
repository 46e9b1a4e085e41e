import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';

const read = (path: string): object => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as object;

describe('docs/asyncapi.json', () => {
  it('is a valid AsyncAPI 3 document', () => {
    const schema = JSON.parse(
      readFileSync(createRequire(import.meta.url).resolve('@asyncapi/specs/schemas/3.0.0-without-$id.json'), 'utf8'),
    ) as object;
    const validate = new Ajv({ strict: false, validateFormats: false }).compile(schema);
    expect([validate(read('../../../docs/asyncapi.json')), validate.errors]).toEqual([true, null]);
  });
});
