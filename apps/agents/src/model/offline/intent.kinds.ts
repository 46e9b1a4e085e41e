/** Languages that the offline model reads and writes. */
export type Language = 'en' | 'pt' | 'es';

/** What a person may want, as far as the offline model knows. */
export type IntentKind =
  | 'count'
  | 'count_by'
  | 'search'
  | 'narrow'
  | 'narrow_count'
  | 'show'
  | 'create'
  | 'update'
  | 'tag'
  | 'move'
  | 'note'
  | 'pipelines'
  | 'documents'
  | 'remember'
  | 'forget'
  | 'draft'
  | 'delegate'
  | 'balance'
  | 'greeting'
  | 'thanks'
  | 'identity'
  | 'help'
  | 'impossible';

/** Which leads are meant, by the names that the tools have for it. `place` is a stage, a pipeline or a city. */
export interface LeadFilter {
  readonly query?: string;
  readonly stage?: string;
  readonly pipeline?: string;
  readonly city?: string;
  readonly country?: string;
  readonly tag?: string;
  readonly owner?: string;
  readonly older_than_days?: number;
  readonly place?: string;
}

/** What one sentence asks for. */
export interface Intent {
  readonly kind: IntentKind;
  readonly language: Language;
  /** As the person wrote them. */
  readonly slots: Readonly<Record<string, string>>;
  readonly filter: LeadFilter;
  /** Of a lead that is to be created. */
  readonly details: Readonly<Record<string, unknown>>;
}

/**
 * The grammar of one language. A phrase is words in a row; `(a|b c)` is one of several, `[a|b]` may be absent, `{name}`
 * is what the person fills in. Phrases are compared without case and accents; the first that fits a whole sentence is
 * taken, so that special ones stand before general ones.
 */
export interface LanguageWords {
  readonly language: Language;
  /** Words by which the language is told from the others. */
  readonly markers: readonly string[];
  /** What may stand before a sentence, or behind it, and asks for nothing. */
  readonly openers: readonly string[];
  readonly closers: readonly string[];
  /** What stands between two things to be done one after the other. */
  readonly sequence: readonly string[];
  readonly intents: readonly (readonly [IntentKind, ...string[]])[];
  readonly conditions: LanguageConditions;
  readonly numbers: Readonly<Record<string, number>>;
  /** Days. */
  readonly units: Readonly<Record<string, number>>;
  /** Names of a lead's fields, as `update_lead` takes them. */
  readonly fields: Readonly<Record<string, string>>;
  /** What `count_leads` groups by. */
  readonly groups: Readonly<Record<string, string>>;
  /** What stands for the lead, or the leads, that were spoken of before. */
  readonly one: readonly string[];
  readonly many: readonly string[];
  /** Which of those that were listed, counted from 1; -1 is the last. */
  readonly ordinals: Readonly<Record<string, number>>;
  /** Usual names of stages, for pipelines whose stages have the English ones. */
  readonly stages: Readonly<Record<string, string>>;
  readonly countries: readonly string[];
}

/** What is said of leads: which ones are meant, or what a new one has. `{value}` is what the person fills in. */
export interface LanguageConditions {
  readonly filters: readonly (readonly [keyof LeadFilter, ...string[]])[];
  /** Of a lead that is to be created. */
  readonly details: readonly (readonly [string, ...string[]])[];
  /** What may stand between two conditions. */
  readonly connectors: readonly string[];
}
