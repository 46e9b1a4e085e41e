import { REFUSING_LAYERS } from '../billing-stars/stars.limits.js';
import { Choice, Flag, Instant, Int, NestedList, Nullable, Optional, Text, Uuid } from '../message/fields.js';
import { Page } from '../message/shared.messages.js';

/** Characters of what a person says at once. */
export const LONGEST_MESSAGE = 20_000;
/** Octets of an answer's text at most, and characters of what a tool gives back. */
export const LONGEST_ANSWER = 65_536;
export const LONGEST_RESULT = 20_000;

/** `queued` until somebody works on it; the last three are ends. */
export const RUN_STATES = ['queued', 'running', 'done', 'failed', 'cancelled'] as const;
export type RunState = (typeof RUN_STATES)[number];

/**
 * What a step of a run leaves behind: a model is asked, Stars are held for it or refused, it answers, the Stars are
 * settled; a tool is called, and gives something back.
 */
export const ENTRY_KINDS = ['asked', 'reserved', 'refused', 'answered', 'settled', 'called', 'returned'] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

const version = { min: 1, max: 2_000_000_000 };
const title = { max: 200 };
const count = { min: 0, max: 2_000_000_000 };

export class CreateConversationRequest {
  /** What its first message begins with, when absent. */
  @Optional() @Text(title) title?: string;
}

export class ListConversationsRequest extends Page {
  /** Part of the title, whatever the case of its letters. */
  @Optional() @Text({ max: 100 }) search?: string;
  /** Only archived ones; only others when false or absent. */
  @Optional() @Flag() archived?: boolean;
}

export class UpdateConversationRequest {
  @Uuid() id!: string;
  @Optional() @Text(title) title?: string;
  @Optional() @Flag() archived?: boolean;
  @Optional() @Int(version) if_match?: number;
}

/** A conversation of the workspace: everybody of the organization may read it. */
export class Conversation {
  @Uuid() id!: string;
  /** Null before its first message, where nobody gave it one. */
  @Nullable() @Text(title) title!: string | null;
  @Uuid() created_by!: string;
  @Flag() archived!: boolean;
  @Instant() created_at!: string;
  @Int(version) version!: number;
}

export class ConversationList {
  @NestedList(() => Conversation, { max: 200 }) items!: Conversation[];
  @Nullable() @Text({ max: 2000 }) next_cursor!: string | null;
}

export class ConversationRequest extends Page {
  @Uuid() id!: string;
}

/** One message and what a persona does about it. */
export class Run {
  @Uuid() id!: string;
  @Uuid() conversation_id!: string;
  @Uuid() persona_id!: string;
  /** The version of the persona under which it runs, from beginning to end. */
  @Int(version) persona_version!: number;
  /** For whom it acts. */
  @Uuid() asked_by!: string;
  @Text({ max: LONGEST_MESSAGE, lines: true }) text!: string;
  @Choice(RUN_STATES) state!: RunState;
  @Nullable() @Text({ max: LONGEST_ANSWER, lines: true }) answer!: string | null;
  /** Why it failed: a code, and a sentence for people. */
  @Nullable() @Text({ max: 60 }) failure!: string | null;
  @Nullable() @Text({ max: 500 }) failure_detail!: string | null;
  /** What refused Stars, where that is why. */
  @Nullable() @Choice(REFUSING_LAYERS) refused_by!: (typeof REFUSING_LAYERS)[number] | null;
  /** What it has cost so far. */
  @Int(count) stars!: number;
  @Instant() created_at!: string;
  @Nullable() @Instant() started_at!: string | null;
  @Nullable() @Instant() finished_at!: string | null;
}

/** A conversation with its messages, newest first. */
export class ConversationPage extends Conversation {
  @NestedList(() => Run, { max: 200 }) items!: Run[];
  @Nullable() @Text({ max: 2000 }) next_cursor!: string | null;
}

export class PostMessageRequest {
  @Uuid() conversation_id!: string;
  @Text({ max: LONGEST_MESSAGE, lines: true }) text!: string;
  /** Who is to answer; the Chief of Staff when absent. */
  @Optional() @Uuid() persona_id?: string;
}

export class RunRequest extends Page {
  @Uuid() id!: string;
  /** Of the log, what comes after this entry; all of it when absent. */
  @Optional() @Int({ min: 0, max: 100_000 }) after?: number;
}

/** Characters (UTF-16 units) of one piece of an answer at most. */
export const LONGEST_PIECE = 1_500;

export class CancelRunRequest {
  @Uuid() id!: string;
}

/** One entry of a run’s log; what does not belong to its kind is null. */
export class RunEntry {
  @Int({ min: 1, max: 100_000 }) seq!: number;
  @Choice(ENTRY_KINDS) kind!: EntryKind;
  /** Calls of a model are counted from 1, with what follows from each. */
  @Int({ min: 1, max: 1_000 }) step!: number;
  /** Calls of tools in one answer are counted from 0. */
  @Nullable() @Int({ min: 0, max: 1_000 }) call!: number | null;
  @Instant() at!: string;
  @Nullable() @Text({ max: 100 }) model!: string | null;
  @Nullable() @Text({ max: LONGEST_ANSWER, lines: true }) text!: string | null;
  @Nullable() @Text({ max: 1_000 }) tool!: string | null;
  /** JSON. */
  @Nullable() @Text({ max: LONGEST_ANSWER, lines: true }) arguments!: string | null;
  /** What the tool gave back: JSON, or where it failed, why. */
  @Nullable() @Text({ max: LONGEST_RESULT, lines: true }) result!: string | null;
  @Nullable() @Flag() succeeded!: boolean | null;
  @Nullable() @Int(count) input_tokens!: number | null;
  @Nullable() @Int(count) output_tokens!: number | null;
  /** Held or settled. */
  @Nullable() @Int(count) stars!: number | null;
  @Nullable() @Int(version) price_version!: number | null;
  @Nullable() @Choice(REFUSING_LAYERS) refused_by!: (typeof REFUSING_LAYERS)[number] | null;
  @Nullable() @Int(count) milliseconds!: number | null;
}

/** What whoever watches a run is shown: that its log has come further or it has ended, or a piece of an answer. */
export class RunNews {
  /** The call of a model that is being answered; null where it is no piece. */
  @Nullable() @Int({ min: 1, max: 1_000 }) step!: number | null;
  /** UTF-16 units of the answer before the piece. */
  @Nullable() @Int(count) offset!: number | null;
  /** Base64 of UTF-16, as a piece may begin and end anywhere. */
  @Nullable() @Text({ max: 4_000, pattern: /^[A-Za-z0-9+/=]+$/ }) piece!: string | null;
  /** What its log has come further by; where it is left out, that is asked for. */
  @Optional() @NestedList(() => RunEntry, { max: 1 }) entries?: RunEntry[];
}

/** A run with its log, from its beginning on. */
export class RunTrace extends Run {
  @NestedList(() => RunEntry, { max: 200 }) items!: RunEntry[];
  @Nullable() @Text({ max: 2000 }) next_cursor!: string | null;
}
