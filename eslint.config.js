import apollo from '@apollo/eslint-rules';
import { defineConfig } from 'eslint/config';
import regexp from 'eslint-plugin-regexp';
import tseslint from 'typescript-eslint';

/*
 * Every rule holds everywhere; what does not is written below, once, with its reason.
 * Comments in the code cannot switch a rule off (noInlineConfig).
 */

const specs = ['**/*.spec.ts'];

/** Files that may open a context for an org nobody asked for. One entry per file: the list is what a reviewer reads. */
const systemContexts = [
  {
    file: 'apps/gateway/src/admission/http.guard.ts',
    reason: 'The HTTP guard: opens the context that a verified token and a membership name.',
  },
  {
    file: 'apps/gateway/src/admission/platform.question.ts',
    reason:
      'Asks identity and orgs what the HTTP guard must know before it can open a context; never for an organization.',
  },
  {
    file: 'libs/messaging/src/envelope/envelope.codec.ts',
    reason: 'The message guard: opens the context that a verified envelope names.',
  },
  {
    file: 'libs/messaging/src/durable/event.envelope.ts',
    reason: 'The message guard of durable events: opens the context that a verified seal names.',
  },
  {
    file: 'libs/messaging/src/durable/event.reconciler.ts',
    reason: 'Looks for missing events of any organization, and brings each in its own.',
  },
  {
    file: 'libs/service-kit/src/operate/operator.context.ts',
    reason: 'An operator looks at events that wait, each under its own organization.',
  },
  {
    file: 'libs/service-kit/src/mail/mailer.ts',
    reason: 'Mails of all organizations wait in a table of the platform: whoever sends one acts for nobody of them.',
  },
  {
    file: 'libs/service-kit/src/purge/table.purger.ts',
    reason: 'Rows are purged under a name that no message, event or job has, in the organization that orgs asked for.',
  },
  {
    file: 'libs/work/src/work.context.ts',
    reason:
      'Work outlives the request that began it, and the process: any replica takes it up for its organization and whoever asked for it.',
  },
  {
    file: 'apps/billing-stars/src/wallets/zone.check.ts',
    reason: 'Which zones the database knows is asked once at the start, for nobody in particular.',
  },
  {
    file: 'apps/billing-stars/src/payments/payment.resolver.ts',
    reason:
      'A provider or an operator names a payment: steps into the organization it was ordered for, after a look-up in the directory.',
  },
  {
    file: 'apps/billing-stars/src/wallets/platform.context.ts',
    reason:
      'Brings Stars in and takes them back for the acting organization, under the tag of the platform: its own may not.',
  },
  {
    file: 'apps/system-tests/src/faults/stars.load.ts',
    reason: 'The soak plays the agents, which work for each organization by themselves.',
  },
  {
    file: 'apps/identity/src/context/person.context.ts',
    reason:
      'Steps to the person whom an address or a mailed secret names, before anybody is signed in; never to an org.',
  },
  {
    file: 'apps/orgs/src/access/org.context.ts',
    reason:
      'Steps into the organization that a slug, a mailed link or a creation named, after a look-up in the directory.',
  },
  {
    file: 'tools/bench/src/load/acting.service.ts',
    reason: 'The benchmark plays services that act for organizations of its own making.',
  },
];

/** Business code: for whom it acts comes from the context. */
const businessCode = ['apps/*/src/**/*.ts'];

/** A promise that nobody tries. */
const untried = [
  {
    selector:
      'CallExpression > MemberExpression[object.name=/^(it|test|describe)$/][property.name=/^(only|skip|todo)$/]',
    message: 'A promise that is not tried is no promise: run it or take it out.',
  },
  {
    selector: 'CallExpression[callee.name=/^(fit|fdescribe|xit|xtest|xdescribe)$/]',
    message: 'A promise that is not tried is no promise: run it or take it out.',
  },
];

/** Time that grows with the square of the marks in a row of a text: a megabyte takes minutes, of everybody. */
const unboundedForm = {
  selector: "CallExpression > MemberExpression.callee[property.name='normalize']",
  message: 'Texts are put in a form of Unicode by inForm, which knows those that may not be.',
};

/** Time that code asks of the machine by itself cannot be turned forward by a spec. */
const ownTime = [
  "NewExpression[callee.name='Date'][arguments.length=0]",
  "CallExpression[callee.object.name='Date'][callee.property.name='now']",
].map((selector) => ({
  selector,
  message:
    'Time is passed in: take a Clock (CLOCK, systemClock of @apollo/tenancy), and performance.now() for durations.',
}));

/**
 * More than five things that a class cannot do without are two classes. What only its own factory may build is its
 * state.
 */
const crowdedClass = {
  selector: 'MethodDefinition[kind="constructor"]:not([accessibility="private"]) > FunctionExpression[params.length>5]',
  message: 'A class has at most five collaborators: split it by what it does.',
};

/** Names of the field are guard, context, service, queue, lease, membership, dead letter. */
const privateMetaphor =
  '^(?!(?:.*[a-z])?(?:Door|Desk|Lane|Seat|Crew|Bury|Burial)s?(?![a-z]))(?!(?:door|desk|lane|seat|crew|bury|buried|burial|dig)s?(?![a-z]))';

/** Columns, as Prettier has it, where no string, template, expression or address makes the line longer. */
const lineLength = {
  code: 120,
  ignoreStrings: true,
  ignoreTemplateLiterals: true,
  ignoreRegExpLiterals: true,
  ignoreUrls: true,
};

/** Lines of code in a file; around a hundred reads best. */
const fileLength = (max) => ['error', { max, skipBlankLines: true, skipComments: true }];

/** What a person's role allows, where a service may act for them with less than that. */
const roleOfDelegate = {
  selector: "CallExpression[callee.name='may'] > MemberExpression > CallExpression[callee.name='currentTenant']",
  message: 'A service may act for a person with less than their role: `mayNow` heeds what was granted as well.',
};

export default defineConfig(
  { ignores: ['**/dist/', '**/node_modules/', '.nx/', '.apollo/', 'coverage/'] },
  {
    files: ['**/*.{ts,js,mjs}'],
    plugins: { '@apollo': apollo, '@typescript-eslint': tseslint.plugin },
    languageOptions: { parser: tseslint.parser, ecmaVersion: 2024, sourceType: 'module' },
    linterOptions: { noInlineConfig: true },
    rules: {
      '@apollo/entity-from-factory': 'error',
      '@apollo/no-enter-with': 'error',
      '@apollo/no-process-env': 'error',
      '@apollo/no-raw-database': 'error',
      '@apollo/no-raw-nats': 'error',
      '@apollo/system-context-allow-list': ['error', { allow: systemContexts }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-debugger': 'error',
      'no-dupe-keys': 'error',
      'no-duplicate-imports': ['error', { allowSeparateTypeImports: true }],
      'id-match': ['error', privateMetaphor, { properties: true, classFields: true }],
      'max-len': ['error', lineLength],
      'max-lines': fileLength(300),
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-new-func': 'error',
      'no-unsafe-finally': 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      'no-restricted-syntax': ['error', ...untried, crowdedClass, unboundedForm, roleOfDelegate],
    },
  },
  {
    // Rules that need types: one program over all sources and specs, which needs no build.
    files: ['{apps,libs,tools}/*/src/**/*.ts'],
    languageOptions: { parserOptions: { project: ['./tsconfig.lint.json'], tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': [
        'error',
        { checksVoidReturn: { arguments: false, attributes: false } },
      ],
      '@typescript-eslint/only-throw-error': 'error',
    },
  },
  { files: businessCode, rules: { '@apollo/no-org-parameter': 'error' } },
  { files: ['{apps,libs}/*/src/**/*.ts'], rules: { 'no-console': 'error' } },
  {
    // The clock itself reads the machine's; the test kit and the servers of development are beside every clock.
    files: ['{apps,libs}/*/src/**/*.ts'],
    ignores: [
      ...specs,
      'libs/tenancy/src/context/clock.ts',
      'apps/system-tests/**',
      'libs/testing/**',
      'libs/servers/**',
    ],
    rules: {
      'no-restricted-syntax': ['error', ...untried, crowdedClass, unboundedForm, roleOfDelegate, ...ownTime],
    },
  },
  {
    // What a customer wrote may be long and of one character: an expression that reads it again from each place holds
    // up everybody.
    files: ['{apps,libs}/*/src/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    plugins: { regexp },
    rules: {
      'regexp/no-super-linear-backtracking': ['error', { report: 'potential' }],
      'regexp/no-super-linear-move': ['error', { report: 'potential' }],
    },
  },

  // ── The exceptions ──────────────────────────────────────────────────────────────────────────────────────────────

  // libs/tenancy is the place that speaks to Postgres, makes entities, owns the store and opens contexts.
  {
    files: ['libs/tenancy/src/**/*.ts'],
    rules: {
      '@apollo/entity-from-factory': 'off',
      '@apollo/no-enter-with': ['error', { storageAllowed: true }],
      '@apollo/no-raw-database': 'off',
      '@apollo/system-context-allow-list': 'off',
    },
  },
  // libs/messaging is the place that speaks to NATS.
  { files: ['libs/messaging/src/**/*.ts'], rules: { '@apollo/no-raw-nats': 'off' } },
  // Which message is being handled: beside the tenant's context, never instead of it.
  {
    files: ['libs/messaging/src/envelope/message.scope.ts'],
    rules: { '@apollo/no-enter-with': ['error', { storageAllowed: true }] },
  },
  // libs/testing makes template databases and plays an attacker; libs/servers starts both servers; tools/bench measures
  // hand-written and stock servers beside ours. None of them is part of a running service.
  {
    files: [
      'libs/testing/src/**/*.ts',
      'libs/servers/src/**/*.ts',
      'tools/dev/src/**/*.ts',
      'tools/operate/src/**/*.ts',
      'tools/bench/src/**/*.ts',
    ],
    rules: { '@apollo/no-raw-database': 'off', '@apollo/no-raw-nats': 'off' },
  },
  // What is built is loaded by the names of its files, and speaks to no database.
  { files: ['tools/checks/src/statements/statements.mjs'], rules: { '@apollo/no-raw-database': 'off' } },
  // Specs act as people of two orgs without a gateway in front of them.
  { files: ['libs/testing/src/**/*.ts'], rules: { '@apollo/system-context-allow-list': 'off' } },
  // The stock servers of the benchmark are stock down to their entities.
  { files: ['tools/bench/src/**/*.ts'], rules: { '@apollo/entity-from-factory': 'off' } },
  // The one place of each package where the environment is read.
  { files: ['**/config.ts'], rules: { '@apollo/no-process-env': 'off' } },
  // These run before anything is built and hand their whole environment to the program they start; a spec's seed is no
  // setting of any package.
  {
    files: [
      'tools/run.mjs',
      'tools/checks/src/seeded.fast-check.mjs',
      'tools/checks/src/step-process.mjs',
      'tools/checks/src/workspace-graph.mjs',
    ],
    rules: { '@apollo/no-process-env': 'off' },
  },
  // The place that puts texts in a form of Unicode; specs say by themselves what comes of it.
  {
    files: ['libs/contracts/src/message/text.form.ts'],
    rules: { 'no-restricted-syntax': ['error', ...untried, crowdedClass, roleOfDelegate, ...ownTime] },
  },
  { files: specs, rules: { 'no-restricted-syntax': ['error', ...untried, crowdedClass] } },
  // The HTTP guard turns the slug of a URL into the org of a context: the one place where an org id is an argument.
  { files: ['apps/gateway/src/**/http.guard.ts'], rules: { '@apollo/no-org-parameter': 'off' } },
  // Specs attack the database and the bus with raw clients, open contexts of two orgs, and build requests by org.
  {
    files: specs,
    rules: {
      '@apollo/no-org-parameter': 'off',
      '@apollo/no-raw-database': 'off',
      '@apollo/no-raw-nats': 'off',
      '@apollo/system-context-allow-list': 'off',
    },
  },
  // The end-to-end specs and their helpers play the outside world, attackers included.
  {
    files: ['apps/system-tests/src/**/*.ts'],
    rules: { '@apollo/no-org-parameter': 'off', '@apollo/no-raw-database': 'off', '@apollo/no-raw-nats': 'off' },
  },

  // A spec is read from its names: one subject may be longer than a source.
  { files: [...specs, '**/*.spec.mjs'], rules: { 'max-lines': fileLength(500) } },
  {
    files: [
      // A list, one guard after the other; nobody reads it from the first to the last.
      'tools/checks/src/guards.list.mjs',
      // Tables of cases: what a list may hold, and what is made of it.
      'apps/leads/src/imports/import.lists.int.spec.ts',
      'apps/leads/src/imports/plan/mapping.proposal.unit.spec.ts',
      'apps/leads/src/imports/rows/row.reader.unit.spec.ts',
      // Every attack, every route, and every way a file or message comes in, over one running system each.
      'apps/gateway/src/spec/routes.int.spec.ts',
      'apps/gateway/src/spec/transfer.int.spec.ts',
      'libs/messaging/src/durable/durable.events.int.spec.ts',
      'libs/messaging/src/nest/message.guard.int.spec.ts',
      'libs/tenancy/src/postgres/attacks.int.spec.ts',
    ],
    rules: { 'max-lines': 'off' },
  },
  // Comments from before this rule; whoever changes one of these files next brings it under it.
  {
    files: ['apps/gateway/src/**/*.ts', 'apps/leads/src/**/*.ts', ...specs],
    rules: { 'max-len': ['error', { ...lineLength, ignoreComments: true }] },
  },
  // Eight collaborators of an import's file, six of its worker and of its writer: they are being split.
  {
    files: [
      'apps/leads/src/imports/import.upload.ts',
      'apps/leads/src/imports/work/import.worker.ts',
      'apps/leads/src/imports/work/import.writer.ts',
    ],
    rules: { 'no-restricted-syntax': ['error', ...untried, unboundedForm, roleOfDelegate, ...ownTime] },
  },
);
