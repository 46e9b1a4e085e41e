import { inForm } from '@apollo/contracts';
import { ConditionParser } from './condition.parser.js';
import { ENGLISH } from './english.words.js';
import type { Intent, IntentKind, Language, LanguageWords } from './intent.kinds.js';
import { compilePhrase, matchesOf, OPEN, type Phrase, type PhraseMatch, TAILS } from './phrase.parser.js';
import { PORTUGUESE } from './portuguese.words.js';
import { SPANISH } from './spanish.words.js';
import { detailReader, filterReader } from './value.reader.js';
import { folded, isMark, readWords, textOf, type Word } from './word.reader.js';

/** Characters of a message; one that is longer is not read, because half of it may ask for something else. */
const LONGEST = 20_000;

/** Words of a closing phrase at most. */
const CLOSER_WORDS = 4;

/** Things to be done one after the other, in one message. */
const MOST_INTENTS = 4;

export const LANGUAGES: Readonly<Record<Language, LanguageWords>> = { en: ENGLISH, pt: PORTUGUESE, es: SPANISH };

/** What a message asks for, in order; nothing where it was not understood. */
export interface ReadMessage {
  readonly language: Language;
  readonly intents: readonly Intent[];
}

/** Reads messages in one language. */
class IntentReader {
  private readonly phrases: readonly { readonly kind: IntentKind; readonly phrase: Phrase }[];
  private readonly openers: readonly Phrase[];
  private readonly closers: readonly Phrase[];
  private readonly sequence: readonly Phrase[];
  /** What is read behind a phrase, by the slot that ends it. */
  private readonly tails: Readonly<Record<string, ConditionParser>>;
  private readonly markers: ReadonlySet<string>;

  constructor(private readonly words: LanguageWords) {
    this.phrases = words.intents.flatMap(([kind, ...texts]) =>
      texts.map((text) => ({ kind, phrase: compilePhrase(text) })),
    );
    this.openers = words.openers.map(compilePhrase);
    this.closers = words.closers.map(compilePhrase);
    this.sequence = words.sequence.map(compilePhrase);
    const { filters, details, connectors } = words.conditions;
    this.tails = {
      filter: new ConditionParser(filters, connectors, filterReader(words)),
      details: new ConditionParser(details, connectors, detailReader()),
    };
    this.markers = new Set(words.markers.map(folded));
  }

  /** @returns how many of the words are of this language */
  score(words: readonly Word[]): number {
    return words.filter((word) => this.markers.has(word.folded)).length;
  }

  /** @returns what the message asks for; nothing where a part of it was not understood: half of it is something else */
  read(text: string, words: readonly Word[]): Intent[] {
    const clauses = this.clausesOf(words);
    const several = clauses.map((clause) => this.clause(text, clause));
    const understood = several.filter((intent) => intent !== undefined);
    if (clauses.length <= MOST_INTENTS && understood.length === clauses.length) return understood;
    const whole = this.clause(text, words);
    return whole ? [whole] : [];
  }

  /** What stands behind a colon is what somebody wrote, whatever words it has. */
  private clausesOf(words: readonly Word[]): Word[][] {
    const colon = words.findIndex((word) => word.folded === ':');
    const last = colon === -1 ? words.length : colon;
    const clauses: Word[][] = [];
    let begin = 0;
    for (let at = 0; at < last; at += 1) {
      const end = endOf(this.sequence, words, at);
      if (end === undefined || at === begin) continue;
      clauses.push(words.slice(begin, at));
      begin = end;
      at = end - 1;
    }
    return [...clauses, words.slice(begin)];
  }

  private clause(text: string, clause: readonly Word[]): Intent | undefined {
    const words = this.trimmed(clause);
    if (words.length === 0) return undefined;
    const end = clause.at(-1)?.to ?? 0;
    for (const { kind, phrase } of this.phrases) {
      for (const match of matchesOf(phrase, words, 0)) {
        const tail = Object.keys(match.slots).find((slot) => TAILS.has(slot));
        const rest = tail ? this.tails[tail]?.parse(text, words, match.end) : {};
        if (!rest || (!tail && match.end < words.length)) continue;
        return {
          kind,
          language: this.words.language,
          slots: slotsOf(text, words, match, end),
          filter: tail === 'filter' ? rest : {},
          details: tail === 'details' ? rest : {},
        };
      }
    }
    return undefined;
  }

  private trimmed(clause: readonly Word[]): readonly Word[] {
    let from = 0;
    for (let next = 0; next > -1;) {
      from = next;
      next = isMark(clause[from]) ? from + 1 : (endOf(this.openers, clause, from) ?? -1);
    }
    let to = clause.length;
    for (let next = to; next > from;) {
      to = next;
      next = isMark(clause[to - 1]) ? to - 1 : this.beforeCloser(clause, from, to);
    }
    return clause.slice(from, to);
  }

  /** @returns where a closing phrase begins that ends there; -1 where none does */
  private beforeCloser(clause: readonly Word[], from: number, to: number): number {
    for (let at = Math.max(from + 1, to - CLOSER_WORDS); at < to; at += 1) {
      const ends = this.closers.some((phrase) => [...matchesOf(phrase, clause, at)].some(({ end }) => end === to));
      if (ends) return at;
    }
    return -1;
  }
}

const READERS = Object.values(LANGUAGES).map((words) => ({ words, reader: new IntentReader(words) }));

/**
 * @param preferred the language that was spoken before, for messages that could be of several
 * @returns what a person's message asks for
 */
export function readMessage(message: string, preferred: Language): ReadMessage {
  if (message.length > LONGEST) return { language: preferred, intents: [] };
  const text = inForm(message, 'NFC');
  const words = readWords(text);
  const ranked = READERS.map(({ words: { language }, reader }) => ({
    language,
    reader,
    score: reader.score(words),
  })).sort((a, b) => b.score - a.score || Number(b.language === preferred) - Number(a.language === preferred));
  for (const { language, reader } of ranked) {
    const intents = reader.read(text, words);
    if (intents.length > 0) return { language, intents };
  }
  return { language: ranked[0]?.language ?? preferred, intents: [] };
}

/** @returns the longest end of any of the phrases that begins there */
function endOf(phrases: readonly Phrase[], words: readonly Word[], at: number): number | undefined {
  const ends = phrases.flatMap((phrase) => [...matchesOf(phrase, words, at)].map(({ end }) => end));
  return ends.length > 0 ? Math.max(...ends) : undefined;
}

/** What a person wrote at the end is kept with the marks behind it. */
function slotsOf(text: string, words: readonly Word[], { slots }: PhraseMatch, end: number): Record<string, string> {
  const values = Object.entries(slots)
    .filter(([name]) => !TAILS.has(name))
    .map(([name, [from, to]]) => {
      const written = text.slice(words[from]?.from ?? end, end).trim();
      return [name, OPEN.has(name) ? unquoted(written) : textOf(text, words, from, to)];
    });
  return Object.fromEntries(values) as Record<string, string>;
}

function unquoted(text: string): string {
  return /^["“«].*["”»]$/s.test(text) ? text.slice(1, -1) : text;
}
