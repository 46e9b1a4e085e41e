import { type JsonSchema, type MessageClass, referredClasses, schemaOf } from '@apollo/contracts';

const schemas = new Map<string, JsonSchema>();
const classes = new Map<string, MessageClass>();

/** Puts a schema under a name and gives a reference to it. @throws Error when the name stands for another schema */
export function namedSchema(name: string, schema: JsonSchema): JsonSchema {
  const known = schemas.get(name);
  if (known && JSON.stringify(known) !== JSON.stringify(schema)) throw new Error(`Two schemas are named ${name}`);
  schemas.set(name, schema);
  return { $ref: `#/components/schemas/${name}` };
}

/** A reference to the schema of a message class. @throws Error when two classes share a name */
export function classSchema(type: MessageClass): JsonSchema {
  const known = classes.get(type.name);
  if (known && known !== type) throw new Error(`Two message classes are named ${type.name}`);
  classes.set(type.name, type);
  return namedSchema(type.name, schemaOf(type));
}

/** Every schema that was referred to, and those that they refer to in turn. */
export function componentSchemas(): Record<string, JsonSchema> {
  for (let before = -1; before !== schemas.size;) {
    before = schemas.size;
    for (const type of referredClasses().values()) {
      if (reachable(type.name)) classSchema(type);
    }
  }
  return Object.fromEntries([...schemas].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function reachable(name: string): boolean {
  const reference = JSON.stringify({ $ref: `#/components/schemas/${name}` });
  return [...schemas.values()].some((schema) => JSON.stringify(schema).includes(reference));
}
