import type { LeadFilter } from './intent.kinds.js';

/** The tools that the offline model knows. */
export const TOOL_NAMES = [
  'search_leads',
  'count_leads',
  'read_lead',
  'create_lead',
  'update_lead',
  'move_lead',
  'add_note',
  'list_pipelines',
  'read_documents',
  'remember',
  'forget',
  'draft_email',
  'delegate',
  'read_balance',
] as const;

export type ToolName = (typeof TOOL_NAMES)[number];

/** What a call could not be made for, or came to nothing for. */
export type Hindrance = 'not_offered' | 'unfit' | 'denied' | 'failed' | 'strange';

/**
 * What the offline model says in one language. What comes from a person or a tool is handed in quoted; a list is handed
 * in as lines.
 */
export interface AnswerText {
  /** Stands before every answer, and says that no language model wrote it. */
  readonly prefix: string;
  readonly filter: (filter: LeadFilter, quote: (text: string) => string) => string;
  readonly counted: (count: number, isLeast: boolean, filter: string) => string;
  readonly grouped: (total: number | undefined, lines: string) => string;
  readonly found: (count: number, more: boolean, filter: string, lines: string) => string;
  readonly none: (filter: string) => string;
  readonly lead: (lead: string, lines: string) => string;
  /** Of a lead's fields as a tool has them. */
  readonly labels: Readonly<Record<string, string>>;
  readonly created: (name: string) => string;
  readonly updated: (name: string, field: string, value: string) => string;
  readonly tagged: (name: string, tag: string) => string;
  readonly moved: (name: string, stage: string) => string;
  readonly noted: (name: string, text: string) => string;
  readonly which: (who: string, lines: string) => string;
  readonly noLead: (who: string) => string;
  readonly nobodyMeant: string;
  readonly tooManyMeant: (most: number) => string;
  readonly noField: (field: string) => string;
  readonly noStage: (stage: string, stages: string) => string;
  readonly pipelines: (lines: string) => string;
  readonly passages: (lines: string) => string;
  readonly page: (page: string) => string;
  readonly noPassages: (topic: string) => string;
  readonly remembered: (text: string) => string;
  readonly forgotten: (text: string) => string;
  readonly mail: (name: string, topic: string) => { readonly subject: string; readonly body: string };
  readonly drafted: (name: string, subject: string) => string;
  readonly delegated: (persona: string, answer: string) => string;
  readonly balance: (stars: {
    readonly available?: number;
    readonly monthly?: number;
    readonly pack?: number;
  }) => string;
  readonly greeting: string;
  readonly thanks: string;
  readonly identity: string;
  readonly help: (abilities: string) => string;
  readonly noHelp: string;
  readonly impossible: string;
  readonly unknown: string;
  /** After more steps than anything takes. */
  readonly stopped: string;
  readonly hindered: Readonly<Record<Hindrance, (ability: string, reason: string) => string>>;
  /** What each tool is good for, as in "I can …". */
  readonly abilities: Readonly<Record<ToolName, string>>;
}
