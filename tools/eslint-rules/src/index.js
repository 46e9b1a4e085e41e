import { entityFromFactory } from './rules/entity-from-factory.js';
import { noEnterWith } from './rules/no-enter-with.js';
import { noOrgParameter } from './rules/no-org-parameter.js';
import { noProcessEnv } from './rules/no-process-env.js';
import { noRawDatabase } from './rules/no-raw-database.js';
import { noRawNats } from './rules/no-raw-nats.js';
import { systemContextAllowList } from './rules/system-context-allow-list.js';

/**
 * What keeps people from stepping around the tenant-safe path by accident. None of these rules is the guard itself
 * (that is the database and the signed envelope); they make a slip visible before it is committed.
 *
 * @type {import('eslint').ESLint.Plugin}
 */
export default {
  meta: { name: '@apollo/eslint-rules' },
  rules: {
    'entity-from-factory': entityFromFactory,
    'no-enter-with': noEnterWith,
    'no-org-parameter': noOrgParameter,
    'no-process-env': noProcessEnv,
    'no-raw-database': noRawDatabase,
    'no-raw-nats': noRawNats,
    'system-context-allow-list': systemContextAllowList,
  },
};
