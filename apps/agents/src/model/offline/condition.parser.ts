import { compilePhrase, matchesOf, type Phrase } from './phrase.parser.js';
import { isMark, textOf, type Word } from './word.reader.js';

/** Conditions by their names, each with the phrases that say it; `{value}` is its value. */
export type ConditionPhrases = readonly (readonly [string, ...string[]])[];

/** Reads a value as a person wrote it: what it says, by name; undefined where it is no such value. */
export type ConditionReader = (key: string, value: string) => Readonly<Record<string, unknown>> | undefined;

/** Reads conditions in any order, such as "from Lisbon and older than a month". */
export class ConditionParser {
  private readonly phrases: readonly { readonly key: string; readonly phrase: Phrase }[];
  private readonly connectors: readonly Phrase[];

  constructor(
    phrases: ConditionPhrases,
    connectors: readonly string[],
    private readonly read: ConditionReader,
  ) {
    this.phrases = phrases.flatMap(([key, ...texts]) => texts.map((text) => ({ key, phrase: compilePhrase(text) })));
    this.connectors = connectors.map(compilePhrase);
  }

  /** @returns what the rest of the words say; undefined where it is anything else */
  parse(text: string, words: readonly Word[], at: number): Record<string, unknown> | undefined {
    return this.rest(text, words, at, new Set());
  }

  /** `dead` are the places from which nothing fits: each is tried once. */
  private rest(
    text: string,
    words: readonly Word[],
    from: number,
    dead: Set<number>,
  ): Record<string, unknown> | undefined {
    const at = this.afterConnectors(words, from);
    if (at >= words.length) return {};
    if (dead.has(at)) return undefined;
    for (const { key, phrase } of this.phrases) {
      for (const { slots, end } of matchesOf(phrase, words, at)) {
        const found = slots.value && this.read(key, textOf(text, words, ...slots.value));
        const others = found && this.rest(text, words, end, dead);
        if (others) return { ...others, ...found };
      }
    }
    dead.add(at);
    return undefined;
  }

  private afterConnectors(words: readonly Word[], from: number): number {
    let at = from;
    for (let next = this.afterConnector(words, at); next > at; next = this.afterConnector(words, at)) at = next;
    return at;
  }

  private afterConnector(words: readonly Word[], at: number): number {
    const word = words[at];
    if (isMark(word)) return at + 1;
    const ends = this.connectors.flatMap((phrase) => [...matchesOf(phrase, words, at)].map(({ end }) => end));
    return Math.max(at, ...ends);
  }
}
