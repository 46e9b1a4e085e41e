import type { IntentKind } from './intent.kinds.js';
import { call, end, hindered, listed, type Plan, type PlanScope } from './plan.scope.js';
import { field, itemsOf, numberField, pipelinesOf, quoted, textField } from './result.reader.js';
import { folded } from './word.reader.js';

/** Passages that are shown, and characters of each; of what another persona says, characters. */
const PASSAGES = 5;
const PASSAGE = 400;
const ANSWER = 600;

/** What is done about anything but leads. */
export const OTHER_PLANS: Partial<Record<IntentKind, (scope: PlanScope) => Plan>> = {
  *pipelines(scope) {
    const pipelines = pipelinesOf(yield* call(scope, 'list_pipelines', {}));
    if (pipelines.length === 0) throw hindered(scope, 'list_pipelines', 'strange');
    const lines = pipelines.map(
      ({ name, stages }) => `${quoted(name)}: ${stages.map((one) => quoted(one, 60)).join(', ')}`,
    );
    return { text: scope.text.pipelines(listed(lines)) };
  },
  documents,
  *remember(scope) {
    const text = scope.intent.slots.text ?? '';
    yield* call(scope, 'remember', { text });
    return { text: scope.text.remembered(quoted(text)) };
  },
  *forget(scope) {
    const text = scope.intent.slots.text ?? '';
    yield* call(scope, 'forget', { text });
    return { text: scope.text.forgotten(quoted(text)) };
  },
  *delegate(scope) {
    const { persona = '', task = '' } = scope.intent.slots;
    const value = yield* call(scope, 'delegate', { persona, task });
    const said =
      typeof value === 'string'
        ? value
        : ['answer', 'text', 'result'].map((key) => textField(value, key)).find(Boolean);
    return { text: scope.text.delegated(quoted(persona), said ? quoted(said, ANSWER) : '') };
  },
  *balance(scope) {
    const value = yield* call(scope, 'read_balance', {});
    const number = (...keys: string[]) => keys.map((key) => numberField(value, key)).find((one) => one !== undefined);
    const available = number('available', 'balance', 'total');
    const monthly = number('monthly_balance', 'monthly');
    const pack = number('package_balance', 'package');
    if (available === undefined && monthly === undefined) throw hindered(scope, 'read_balance', 'strange');
    return { text: scope.text.balance({ available, monthly, pack }) };
  },
  greeting: says(({ text }) => text.greeting),
  thanks: says(({ text }) => text.thanks),
  identity: says(({ text }) => text.identity),
  impossible: says(({ text }) => text.impossible),
  help: says(({ text, tools }) =>
    tools.names.length === 0 ? text.noHelp : text.help(listed(tools.names.map((name) => text.abilities[name]))),
  ),
};

/** Words for all documents, and for none of them. */
const ANY_DOCUMENT = new Set(['documents', 'files', 'documentos', 'ficheiros', 'arquivos', 'archivos']);

/** Looks in the documents that are named, and where nothing is said there, or nothing is called so, in all of them. */
function* documents(scope: PlanScope): Plan {
  const { text, intent } = scope;
  const { document = '', topic = '' } = intent.slots;
  const named = ANY_DOCUMENT.has(folded(document)) ? '' : document;
  const query = topic || document;
  const lines =
    named && topic
      ? passageLines(
          scope,
          yield* call(scope, 'read_documents', { query, document: named }, { query: `${named} ${topic}` }),
        )
      : [];
  if (lines.length === 0) lines.push(...passageLines(scope, yield* call(scope, 'read_documents', { query })));
  if (lines.length === 0) throw end(text.noPassages(quoted([named, topic].filter(Boolean).join(' ') || document)));
  return { text: text.passages(listed(lines)) };
}

function passageLines({ text }: PlanScope, value: unknown): string[] {
  const { items } = itemsOf(value);
  return items.slice(0, PASSAGES).flatMap((passage) => {
    const words = ['text', 'excerpt', 'passage', 'content', 'body'].map((key) => textField(passage, key)).find(Boolean);
    const title = ['title', 'document', 'name', 'file'].map((key) => titleOf(passage, key)).find(Boolean);
    const page = textField(passage, 'page');
    const source = [title && quoted(title, 80), page && text.page(page.slice(0, 10))].filter(Boolean).join(', ');
    return words ? [source === '' ? quoted(words, PASSAGE) : `${quoted(words, PASSAGE)} (${source})`] : [];
  });
}

/** Says something without asking for anything. */
function says(text: (scope: PlanScope) => string): (scope: PlanScope) => Plan {
  return function* (scope) {
    yield* [];
    return { text: text(scope) };
  };
}

function titleOf(passage: unknown, key: string): string {
  return textField(passage, key) || textField(field(passage, key), 'title');
}
