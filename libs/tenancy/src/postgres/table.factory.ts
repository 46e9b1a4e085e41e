import { defineEntity, type EntityMetadata, p, type PolicyDef } from '@mikro-orm/core';
import { PLATFORM_REALM, policiesOf, type TableKind } from './policy.text.js';

/** What the runtime role may do with a table's rows; `directory` tables grant nothing. */
export type TableAccess = 'read' | 'append' | 'read-write' | 'none' | 'outbox';

/** What a table definition adds to the properties: names, keys beyond the primary one, grants. */
export interface TableDefinition<TName extends string, TProperties extends Record<string, unknown>> {
  /** Entity name, singular, PascalCase. */
  readonly name: TName;
  /** Service schema. */
  readonly schema: string;
  /** Table name, plural, snake_case. */
  readonly table: string;
  readonly properties: TProperties;
  /** Property lists; each unique key is led by the table's tenant column. */
  readonly uniques?: readonly (readonly string[])[];
  /** Property lists; each index is led by the table's tenant column. */
  readonly indexes?: readonly (readonly string[])[];
  /** Raw index definitions for expressions and operator classes; the columns must start with the tenant column. */
  readonly rawIndexes?: readonly { readonly name: string; readonly expression: string }[];
  /**
   * Default `read-write`, which grants select, insert, and update of every column but the key's. `append` grants no
   * update.
   */
  readonly access?: TableAccess;
  /** Whether the service deletes rows: by `deletion`, since no runtime role has the right. Default false. */
  readonly deletable?: boolean;
  /** Properties that no runtime role may write: the schema's own functions do. */
  readonly decided?: readonly string[];
  /** Properties that a new row is given and that no runtime role changes afterwards. */
  readonly fixed?: readonly string[];
  /**
   * Octets that a value of a property may take, where it is not what `boundStatements` says of its type; always for
   * bytes.
   */
  readonly octets?: Readonly<Partial<Record<keyof TProperties & string, number>>>;
}

/** What the evidence, the grants and the boot check know about a table. */
export interface TableFacts {
  readonly schema: string;
  readonly table: string;
  readonly kind: TableKind;
  readonly access: TableAccess;
  readonly deletable: boolean;
  readonly decided: readonly string[];
  readonly fixed: readonly string[];
  readonly octets: Readonly<Record<string, number | undefined>>;
  /** Why a table opted out of tenant keys; only for kind `global`. */
  readonly reason?: string;
}

const facts = new Map<string, TableFacts>();

/** Facts of every table defined in this process for one service schema. */
export function tablesOf(schema: string): TableFacts[] {
  return [...facts.values()].filter((table) => table.schema === schema);
}

/** A table of the factory's, and the columns that it was made with. */
export interface MadeTable {
  readonly table: TableFacts;
  readonly props: EntityMetadata['props'];
}

/** Those of a schema's tables among `entities`, in the order of these. */
export function madeTables(schema: string, entities: Iterable<EntityMetadata>): MadeTable[] {
  const known = new Map(tablesOf(schema).map((table) => [table.table, table]));
  return [...entities].flatMap(({ tableName, props }) => {
    const table = known.get(tableName);
    return table ? [{ table, props }] : [];
  });
}

function policies(kind: TableKind, schema: string): PolicyDef[] {
  return policiesOf(kind, schema).map(({ role, ...policy }) => ({
    ...policy,
    ...(role && { roles: [role] }),
  }));
}

function remember(table: TableFacts): void {
  facts.set(`${table.schema}.${table.table}`, table);
}

const orgColumn = () => p.uuid().primary().name('org_id');
const idColumn = () => p.uuid().primary().name('id');
const userColumn = () => p.uuid().primary().name('user_id');
const realmColumn = () => p.uuid().primary().name('realm').defaultRaw(`'${PLATFORM_REALM}'::uuid`);

function keys(lead: readonly string[], lists: readonly (readonly string[])[] | undefined): { properties: string[] }[] {
  return (lists ?? []).map((list) => ({ properties: [...lead, ...list] }));
}

interface Shape {
  readonly kind: TableKind;
  readonly lead: readonly string[];
  readonly reason?: string;
}

/** Everything about a table but its name and properties; remembers the table's facts on the way. */
function rules<TProperties extends Record<string, unknown>>(
  definition: TableDefinition<string, TProperties>,
  shape: Shape,
): Record<string, unknown> {
  remember({
    schema: definition.schema,
    table: definition.table,
    kind: shape.kind,
    access: definition.access ?? 'read-write',
    deletable: definition.deletable ?? false,
    decided: definition.decided ?? [],
    fixed: definition.fixed ?? [],
    octets: definition.octets ?? {},
    reason: shape.reason,
  });
  return {
    schema: definition.schema,
    uniques: keys(shape.lead, definition.uniques),
    indexes: [...keys(shape.lead, definition.indexes), ...(definition.rawIndexes ?? []).map((index) => ({ ...index }))],
    rowLevelSecurity: 'force',
    policies: policies(shape.kind, definition.schema),
  };
}

/**
 * A table whose rows belong to one organization: key `(org_id, id)`, forced row-level security, one restrictive and
 * one permissive policy of the same texts, every unique key and index led by `org_id`.
 */
export function tenantTable<const TName extends string, const TProperties extends Record<string, unknown>>(
  definition: TableDefinition<TName, TProperties>,
) {
  const properties = { orgId: orgColumn(), id: idColumn(), ...definition.properties };
  return defineEntity({
    ...rules(definition, { kind: 'org', lead: ['orgId'] }),
    name: definition.name,
    tableName: definition.table,
    properties,
  });
}

/**
 * As `tenantTable`, for what nobody may write by hand: the runtime role reads its organization's rows, the schema's own
 * definer functions write them, and `<schema>_checker` reads all of them. Each of those functions calls
 * `tenancy.enter()` before anything else; `prepareDatabase` makes the checker where it is given a password.
 */
export function vaultTable<const TName extends string, const TProperties extends Record<string, unknown>>(
  definition: Omit<TableDefinition<TName, TProperties>, 'access' | 'deletable'>,
) {
  const properties = { orgId: orgColumn(), id: idColumn(), ...definition.properties };
  return defineEntity({
    ...rules({ ...definition, access: 'read' }, { kind: 'vault', lead: ['orgId'] }),
    name: definition.name,
    tableName: definition.table,
    properties,
  });
}

/** As `tenantTable`, and each row also belongs to one person of the organization: key `(org_id, user_id, id)`. */
export function tenantPersonalTable<const TName extends string, const TProperties extends Record<string, unknown>>(
  definition: TableDefinition<TName, TProperties>,
) {
  const properties = { orgId: orgColumn(), userId: userColumn(), id: idColumn(), ...definition.properties };
  return defineEntity({
    ...rules(definition, { kind: 'org-personal', lead: ['orgId', 'userId'] }),
    name: definition.name,
    tableName: definition.table,
    properties,
  });
}

/**
 * A table whose rows belong to a person and to no organization: key `(user_id, id)`, visible to that person under scope
 * `self` only.
 */
export function personTable<const TName extends string, const TProperties extends Record<string, unknown>>(
  definition: TableDefinition<TName, TProperties>,
) {
  const properties = { userId: userColumn(), id: idColumn(), ...definition.properties };
  return defineEntity({
    ...rules(definition, { kind: 'person', lead: ['userId'] }),
    name: definition.name,
    tableName: definition.table,
    properties,
  });
}

/**
 * A table of the platform itself, visible under scope `platform` only: key `(realm, id)`, where all rows have one
 * realm.
 */
export function platformTable<const TName extends string, const TProperties extends Record<string, unknown>>(
  definition: TableDefinition<TName, TProperties>,
) {
  const properties = { realm: realmColumn(), id: idColumn(), ...definition.properties };
  return defineEntity({
    ...rules(definition, { kind: 'platform', lead: ['realm'] }),
    name: definition.name,
    tableName: definition.table,
    properties,
  });
}

/**
 * A directory: the few columns that must be found before a tenant is known. No runtime role has any grant on it;
 * definer functions of its owner answer one row at a time. Listed in the evidence with its reason.
 *
 * @param definition.reason why no tenant key is possible, at least 20 characters
 */
export function globalTable<const TName extends string, const TProperties extends Record<string, unknown>>(
  definition: Omit<TableDefinition<TName, TProperties>, 'access' | 'deletable'> & { readonly reason: string },
) {
  if (definition.reason.length < 20) {
    throw new Error(`${definition.schema}.${definition.table}: opting out of tenant keys needs a stated reason`);
  }
  const shape: Shape = { kind: 'global', lead: [], reason: definition.reason };
  return defineEntity({
    ...rules({ ...definition, access: 'none' }, shape),
    name: definition.name,
    tableName: definition.table,
    properties: definition.properties,
  });
}

/**
 * The table of a service's events on their way out, `<schema>.outbox`. The runtime role has no grant on it: events are
 * written and read back by the owner's functions, for one organization at a time. Its relay alone reads all of it, and
 * may write nothing but the mark of what is published or refused.
 */
export function outboxTable(schema: string) {
  const name = 'OutboxEvent';
  const definition: TableDefinition<typeof name, Record<string, unknown>> = {
    name,
    schema,
    table: 'outbox',
    properties: {},
    access: 'outbox',
    uniques: [['entity', 'entityId', 'entityVersion']],
    rawIndexes: [
      {
        name: 'outbox_unpublished',
        expression: `create index outbox_unpublished on ${schema}.outbox (org_id, created_at, id) where published_at is null`,
      },
      { name: 'outbox_committed', expression: `create index outbox_committed on ${schema}.outbox (written_in, id)` },
      { name: 'outbox_of_org', expression: `create index outbox_of_org on ${schema}.outbox (org_id, written_in, id)` },
    ],
    octets: { body: 262_144 },
  };
  const properties = {
    orgId: orgColumn(),
    id: idColumn(),
    type: p.text(),
    entity: p.text(),
    entityId: p.uuid(),
    entityVersion: p.bigint('number'),
    actor: p.text(),
    personId: p.uuid().nullable(),
    requestId: p.text(),
    trace: p.text().nullable(),
    body: p.text(),
    createdAt: p.datetime(3),
    writtenIn: p.bigint('string'),
    publishedAt: p.datetime(3).nullable(),
    refused: p.text().nullable(),
  };
  return defineEntity({
    ...rules(definition, { kind: 'outbox', lead: ['orgId'] }),
    name,
    tableName: definition.table,
    properties,
  });
}
