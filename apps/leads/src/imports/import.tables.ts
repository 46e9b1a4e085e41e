import type { ServiceSchema } from '@apollo/tenancy/postgres';

export const importTables: ServiceSchema['tables'] = [];

export const importForeignKeys: readonly string[] = [];
