import { refused, ruleTester } from '../rule-tester.js';
import { noEnterWith } from './no-enter-with.js';

const options = [{ storageAllowed: true }];

ruleTester.run('no-enter-with', noEnterWith, {
  valid: [
    'storage.run(context, work);',
    "import { AsyncResource } from 'node:async_hooks';",
    "import type { AsyncLocalStorage } from 'node:async_hooks';",
    { code: "import { AsyncLocalStorage } from 'node:async_hooks'; const storage = new AsyncLocalStorage();", options },
  ],
  invalid: [
    ...refused('enterWith', [
      'storage.enterWith(context);',
      'storage?.enterWith?.(context);',
      "storage['enterWith'](context);",
      "storage['enter' + 'With'](context);",
      'const { enterWith } = storage;',
      'const { enterWith: open } = storage;',
      'AsyncLocalStorage.prototype.enterWith.call(storage, context);',
    ]),
    { code: 'storage.enterWith(context);', options, errors: [{ messageId: 'enterWith' }] },
    ...refused('storage', [
      "import { AsyncLocalStorage } from 'node:async_hooks';",
      "import { AsyncLocalStorage as Store } from 'async_hooks';",
      "import * as hooks from 'node:async_hooks';",
      "import hooks from 'node:async_hooks';",
      "export { AsyncLocalStorage } from 'node:async_hooks';",
      "const { AsyncLocalStorage } = await import('node:async_hooks');",
      "const hooks = require('node:async_hooks');",
      'const store = new AsyncLocalStorage();',
      'const store = new hooks.AsyncLocalStorage();',
    ]),
  ],
});
