import type { LanguageModelV4ToolResultPart } from '@ai-sdk/provider';
import { plainlySeen } from '@apollo/contracts';
import { resultText } from '../token.count.js';
import { folded } from './word.reader.js';

/** Of what a tool gave back, this much is looked at and shown; the rest is said to be there. */
const MOST_ITEMS = 50;
const SHOWN = 160;

/** What became of one call of a tool. */
export type ToolOutcome =
  { readonly kind: 'done'; readonly value: unknown } | { readonly kind: 'denied' | 'failed'; readonly reason: string };

/** What is shown of a lead. */
export interface LeadFacts {
  readonly id: string;
  readonly name: string;
  readonly company: string;
  readonly email: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** @returns what a result says, whatever form it has; its texts are data, and nothing in them is heeded */
export function outcomeOf({ output }: LanguageModelV4ToolResultPart): ToolOutcome {
  if (output.type === 'execution-denied') return { kind: 'denied', reason: resultText(output) };
  if (output.type === 'error-text' || output.type === 'error-json')
    return { kind: 'failed', reason: problemText(output) };
  if (output.type === 'json') return { kind: 'done', value: output.value };
  const text =
    output.type === 'content'
      ? output.value.map((part) => (part.type === 'text' ? part.text : '')).join('\n')
      : output.value;
  return { kind: 'done', value: parsed(text) };
}

/** @returns a text that others wrote, on one line, as long as may be, with nothing in it that is not seen */
export function plain(value: unknown, most: number): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  const line = plainlySeen(text.slice(0, most * 4), ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return (line.length > most ? `${line.slice(0, most).trimEnd()}…` : line).toWellFormed();
}

/** @returns the same in quotation marks; what would be drawn as a link, a picture or a tag stays the text it is */
export function quoted(value: unknown, most = SHOWN): string {
  return `“${plain(value, most)
    .replaceAll(/[[\]<>`\\]/g, String.raw`\$&`)
    .replaceAll(/[“”]/g, "'")}”`;
}

/** @returns the entries of a list, whichever of the usual forms it has, and whether there are more */
export function itemsOf(value: unknown): { readonly items: readonly unknown[]; readonly more: boolean } {
  const list = Array.isArray(value)
    ? value
    : ['items', 'leads', 'passages', 'results'].map((key) => field(value, key)).find(Array.isArray);
  const all: readonly unknown[] = list ?? [];
  const cursor = field(value, 'next_cursor');
  return { items: all.slice(0, MOST_ITEMS), more: all.length > MOST_ITEMS || typeof cursor === 'string' };
}

/** @returns leads that have an id and something to be called by */
export function leadsOf(value: unknown): { readonly leads: readonly LeadFacts[]; readonly more: boolean } {
  const { items, more } = itemsOf(value);
  return { leads: items.map(leadOf).filter((lead) => lead !== undefined), more };
}

/** @returns a lead; undefined where it is none */
export function leadOf(value: unknown): LeadFacts | undefined {
  const own = field(value, 'lead') ?? value;
  const id = textField(own, 'id');
  if (id === '' || typeof own !== 'object' || own === null) return undefined;
  const [company, email] = [textField(own, 'company'), textField(own, 'email')];
  const name = textField(own, 'contact_name') || textField(own, 'name') || company || email || id;
  return { id, name, company, email, facts: own as Record<string, unknown> };
}

/** @returns a lead on one line: what it is called, and what tells it from others of the name */
export function leadLine({ name, company, facts }: LeadFacts): string {
  const rest = [company, textField(facts, 'city'), stageOf(facts)].filter((part) => part !== '' && part !== name);
  return rest.length > 0 ? `${quoted(name)} (${rest.map((part) => quoted(part, 60)).join(', ')})` : quoted(name);
}

/** @returns the name of a lead's stage; empty where the result has none */
export function stageOf(facts: unknown): string {
  const stage = field(facts, 'stage') ?? field(facts, 'stage_name');
  return typeof stage === 'string' ? stage : textField(stage, 'name');
}

/** @returns names of pipelines with those of their stages */
export function pipelinesOf(value: unknown): { readonly name: string; readonly stages: readonly string[] }[] {
  return itemsOf(
    Array.isArray(value) ? value : { items: field(value, 'items') ?? field(value, 'pipelines') },
  ).items.map((pipeline) => ({
    name: textField(pipeline, 'name'),
    stages: itemsOf(field(pipeline, 'stages')).items.map((stage) =>
      typeof stage === 'string' ? stage : textField(stage, 'name'),
    ),
  }));
}

/** @returns how many a count says there are; undefined where it does not */
export function totalOf(value: unknown): number | undefined {
  return [value, ...['total', 'count', 'leads'].map((key) => field(value, key))].find(isCount);
}

/** @returns what a count was grouped by, and how many each has */
export function groupsOf(value: unknown): { readonly name: string; readonly count: number }[] {
  const list = ['groups', 'items', 'stages'].map((key) => field(value, key)).find(Array.isArray) ?? [];
  return (list as readonly unknown[]).slice(0, MOST_ITEMS).flatMap((group) => {
    const name = ['key', 'name', 'value', 'stage', 'group'].map((key) => textField(group, key)).find(Boolean);
    const count = totalOf(group);
    return count === undefined ? [] : [{ name: name ?? '', count }];
  });
}

/** @returns a number of Stars, or of whatever the field counts; undefined where it has none */
export function numberField(value: unknown, key: string): number | undefined {
  const found = field(value, key);
  return typeof found === 'number' && Number.isFinite(found) ? found : undefined;
}

export function textField(value: unknown, key: string): string {
  const found = field(value, key);
  return typeof found === 'string' ? found : typeof found === 'number' ? String(found) : '';
}

/** @returns whether two names are the same to a person */
export function isSameName(one: string, other: string): boolean {
  return folded(one.trim()) === folded(other.trim());
}

export function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function problemText(output: { readonly type: 'error-text' | 'error-json'; readonly value: unknown }): string {
  if (typeof output.value === 'string') return output.value;
  return (
    ['detail', 'message', 'title'].map((key) => textField(output.value, key)).find(Boolean) ??
    JSON.stringify(output.value)
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
