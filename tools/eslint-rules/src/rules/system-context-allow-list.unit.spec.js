import { join } from 'node:path';
import { refused, ruleTester } from '../rule-tester.js';
import { systemContextAllowList } from './system-context-allow-list.js';

const options = [{ allow: [{ file: 'apps/orgs/src/relay.ts', reason: 'The relay reads the outbox of every org.' }] }];
const at = (/** @type {string} */ file) => join(process.cwd(), file);

ruleTester.run('system-context-allow-list', systemContextAllowList, {
  valid: [
    "import { currentContext } from '@apollo/tenancy'; currentContext();",
    {
      code: "import { runAsSystem } from '@apollo/tenancy'; runAsSystem('relay', work);",
      filename: at('apps/orgs/src/relay.ts'),
      options,
    },
    'const text = "runAsSystem";',
  ],
  invalid: [
    ...refused('context', [
      "import { runAsSystem } from '@apollo/tenancy';",
      "import { runAsSystem as quietly } from '@apollo/tenancy'; quietly('x', work);",
      "import { 'runAsSystem' as quietly } from '@apollo/tenancy';",
      "export { runAsSystem } from '@apollo/tenancy';",
      "export { runAsSystem as quietly } from '@apollo/tenancy';",
      "import * as tenancy from '@apollo/tenancy'; tenancy.runAsSystem('x', work);",
      "tenancy?.['runAsSystem']('x', work);",
      "tenancy['runAs' + 'System']('x', work);",
      "const { runAsSystem } = await import('@apollo/tenancy');",
      "const { runAsSystem: quietly } = await import('@apollo/tenancy');",
      "const { 'runAsSystem': quietly } = tenancy;",
      "runAsSystem('x', work);",
      "import { runInTenantContext } from '@apollo/tenancy';",
    ]),
    {
      code: "tenancy.runAsSystem('x', work);",
      filename: at('apps/orgs/src/other.ts'),
      options,
      errors: [{ messageId: 'context' }],
    },
    {
      code: "tenancy.runAsSystem('x', work);",
      filename: at('apps/leads/apps/orgs/src/relay.ts'),
      options,
      errors: [{ messageId: 'context' }],
    },
  ],
});
