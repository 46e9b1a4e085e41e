import { refused, ruleTester } from '../rule-tester.js';
import { entityFromFactory } from './entity-from-factory.js';

const imported = "import { globalTable } from '@apollo/tenancy/postgres';";

ruleTester.run('entity-from-factory', entityFromFactory, {
  valid: [
    "import { tenantTable } from '@apollo/tenancy/postgres'; export const Lead = tenantTable({ name: 'lead' });",
    "import { personTable, platformTable, tenantPersonalTable } from '@apollo/tenancy/postgres';",
    "import type { EntitySchema } from '@mikro-orm/core';",
    "import { QueryOrder } from '@mikro-orm/core';",
    `${imported} globalTable({ name: 'country', reason: 'The same list of countries for every org.' });`,
    `${imported} globalTable('country', { reason: 'The same list of countries for every org.' });`,
    `${imported} globalTable<Country>({ reason: \`The same list of countries for every org.\` });`,
    "import { globalTable as shared } from '@apollo/tenancy/postgres'; shared({ reason: 'The same list of countries for every org.' });",
    "import * as postgres from '@apollo/tenancy/postgres'; postgres.globalTable({ reason: 'The same list of countries for every org.' });",
    '@Injectable() class Leads {}',
  ],
  invalid: [
    ...refused('raw', [
      "import { defineEntity } from '@mikro-orm/core';",
      "import { defineEntity as table } from '@mikro-orm/core';",
      "import { EntitySchema } from '@mikro-orm/postgresql';",
      "export { defineEntity } from '@mikro-orm/core';",
      "import { Entity } from '@mikro-orm/decorators/legacy';",
      "export * from '@mikro-orm/decorators/legacy';",
      "const { Entity } = await import('@mikro-orm/decorators/legacy');",
      'orm.defineEntity({});',
      "orm['defineEntity']({});",
      'orm?.defineEntity({});',
      'new EntitySchema({});',
      'new orm.EntitySchema({});',
      'class Quiet extends EntitySchema {}',
      '@Entity() class Lead {}',
      '@Entity class Lead {}',
      '@orm.Entity() class Lead {}',
      "@(orm['Entity']()) class Lead {}",
      '@Embeddable() class Address {}',
    ]),
    ...refused('reason', [
      `${imported} globalTable({ name: 'country' });`,
      `${imported} globalTable({ name: 'country', reason: 'short' });`,
      `${imported} globalTable({ name: 'country', reason: '                              ' });`,
      `${imported} globalTable({ name: 'country', reason: why });`,
      `${imported} globalTable({ name: 'country', reason: \`because \${why} and more text\` });`,
      `${imported} globalTable(options);`,
      `${imported} globalTable({ ...options });`,
      `${imported} globalTable<Country>({ name: 'country' });`,
      "import { globalTable as shared } from '@apollo/tenancy/postgres'; shared({ name: 'country' });",
      "import * as postgres from '@apollo/tenancy/postgres'; postgres.globalTable({ name: 'country' });",
      "import * as postgres from '@apollo/tenancy/postgres'; postgres['globalTable']({ name: 'country' });",
    ]),
    ...refused('indirect', [
      `${imported} const make = globalTable;`,
      `${imported} export { globalTable };`,
      `${imported} declare(globalTable);`,
      `${imported} globalTable.call(null, {});`,
      `${imported} const factories = { globalTable };`,
      "import * as postgres from '@apollo/tenancy/postgres'; const make = postgres.globalTable;",
      "import { globalTable as shared } from '@apollo/tenancy/postgres'; const make = shared;",
    ]),
  ],
});
