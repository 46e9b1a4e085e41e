import type { AnswerText } from './answer.text.js';
import type { Turn } from './conversation.reader.js';
import { ENGLISH_TEXT } from './english.text.js';
import type { Intent, IntentKind, Language, LanguageWords } from './intent.kinds.js';
import { LANGUAGES, readMessage } from './intent.reader.js';
import { LEAD_PLANS } from './lead.plans.js';
import { OTHER_PLANS } from './other.plans.js';
import { type Memory, type Plan, PlanEnd, type PlanScope, type Said } from './plan.scope.js';
import { PORTUGUESE_TEXT } from './portuguese.text.js';
import { type LeadFacts, textField } from './result.reader.js';
import { SPANISH_TEXT } from './spanish.text.js';
import type { ToolCall, ToolList } from './tool.list.js';
import { folded, isMark, readWords } from './word.reader.js';

/** Steps of one turn: more than any plan has, so that a conversation ends whatever comes back. */
export const MOST_STEPS = 16;

/** Words of an answer to the question which lead is meant. */
const CHOICE_WORDS = 10;

const TEXTS: Readonly<Record<Language, AnswerText>> = { en: ENGLISH_TEXT, pt: PORTUGUESE_TEXT, es: SPANISH_TEXT };
const NOTHING: Memory = { language: 'en', filter: null, leads: [], pending: null };

/** What the model does next: has tools called, or says something. */
export type NextStep =
  { readonly kind: 'call'; readonly calls: readonly ToolCall[] } | { readonly kind: 'say'; readonly text: string };

/** @returns what is to be done about the last turn, after what the turns before have come to */
export function nextStep(turns: readonly Turn[], tools: ToolList): NextStep {
  let memory = NOTHING;
  let next: NextStep = { kind: 'say', text: `${ENGLISH_TEXT.prefix}${ENGLISH_TEXT.greeting}` };
  for (const turn of turns) {
    const outcome = playTurn(turn, memory, tools);
    memory = outcome.memory;
    next = outcome.next;
  }
  return next;
}

interface TurnOutcome {
  readonly next: NextStep;
  readonly memory: Memory;
}

function playTurn(turn: Turn, before: Memory, tools: ToolList): TurnOutcome {
  const chosen = before.pending && choiceOf(turn.text, before.pending.options, LANGUAGES[before.language]);
  const read = readMessage(turn.text, before.language);
  const intents = chosen && before.pending ? before.pending.intents : read.intents;
  const language = intents[0]?.language ?? read.language;
  const text = TEXTS[language];
  const say = (said: string, memory: Memory): TurnOutcome => ({
    next: { kind: 'say', text: `${text.prefix}${said}` },
    memory,
  });
  let memory: Memory = { ...before, language, pending: null };
  if (intents.length === 0) return say(text.unknown, memory);

  const said: string[] = [];
  const steps = [...turn.steps];
  for (const [index, intent] of intents.entries()) {
    const scope = { intent, words: LANGUAGES[language], text, tools, memory, chosen: index === 0 ? chosen : null };
    const outcome = playIntent(scope, steps);
    if ('calls' in outcome) {
      return turn.steps.length < MOST_STEPS
        ? { next: { kind: 'call', calls: outcome.calls }, memory }
        : say([...said, text.stopped].join('\n\n'), memory);
    }
    said.push(outcome.said.text);
    memory = remembered(memory, outcome.said, intents.slice(index));
    if (outcome.ended) break;
  }
  return say(said.join('\n\n'), memory);
}

/** Runs a plan on the steps that were made; those that are not of it, another model's, are left out. */
function playIntent(
  scope: PlanScope,
  steps: Turn['steps'][number][],
): { readonly calls: readonly ToolCall[] } | { readonly said: Said; readonly ended: boolean } {
  try {
    const plan = planOf(scope.intent.kind)(scope);
    let turn = plan.next();
    while (!turn.done) {
      const names = turn.value.map(({ name }) => name).join(' ');
      let step = steps.shift();
      while (step && step.map(({ name }) => name).join(' ') !== names) step = steps.shift();
      if (!step) return { calls: turn.value };
      turn = plan.next(step.map(({ outcome }) => outcome));
    }
    return { said: turn.value, ended: false };
  } catch (error) {
    if (error instanceof PlanEnd) return { said: error.said, ended: true };
    throw error;
  }
}

function planOf(kind: IntentKind): (scope: PlanScope) => Plan {
  const plan = LEAD_PLANS[kind] ?? OTHER_PLANS[kind];
  if (!plan) throw new Error(`There is no plan for ${kind}.`);
  return plan;
}

function remembered(memory: Memory, { filter, leads, options }: Said, intents: readonly Intent[]): Memory {
  return {
    ...memory,
    filter: filter ?? memory.filter,
    leads: leads ?? memory.leads,
    pending: options ? { options, intents } : null,
  };
}

/** @returns the lead that is named by an answer like "the second", "Ada Lovelace" or "the one from Lisbon"; if any */
function choiceOf(answer: string, options: readonly LeadFacts[], words: LanguageWords): LeadFacts | null {
  const said = readWords(answer).filter((word) => !isMark(word));
  if (said.length === 0 || said.length > CHOICE_WORDS) return null;
  const [ordinal] = said.flatMap(({ folded: word }) =>
    Object.entries(words.ordinals).flatMap(([name, place]) => (folded(name) === word ? [place] : [])),
  );
  const common = new Set(words.markers.map(folded));
  const telling = said.map(({ folded: word }) => word).filter((word) => !common.has(word));
  const fitting = options.filter((option) => telling.every((word) => tellingText(option).includes(word)));
  if (telling.length > 0 && fitting.length === 1) return fitting[0] ?? null;
  const isOrdinal = ordinal !== undefined && said.length <= CHOICE_WORDS / 2;
  return isOrdinal ? (options.at(ordinal > 0 ? ordinal - 1 : ordinal) ?? null) : null;
}

function tellingText({ name, company, email, facts }: LeadFacts): string {
  return folded([name, company, email, textField(facts, 'city'), textField(facts, 'country')].join(' '));
}
