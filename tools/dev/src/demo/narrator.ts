import { terminalLine } from '@apollo/service-kit';

/** Tells a person who watches what happens and what it shows. */
export class Narrator {
  #step = 0;

  constructor(private readonly print: (line: string) => void) {}

  /** Begins a step of the story. */
  step(title: string): void {
    this.#step += 1;
    this.print(`\n${this.#step}. ${title}`);
  }

  /** One thing done and what came of it. */
  did(what: string, outcome: string): void {
    this.print(terminalLine(`   ${what.padEnd(62)}  ${outcome}`));
  }

  /** What the step has shown. */
  shows(sentence: string): void {
    this.print(terminalLine(`   \u2192 ${sentence}`));
  }

  /** Any further line, such as a row of a table. */
  line(text: string): void {
    this.print(terminalLine(`     ${text}`));
  }
}

/** A text cut to a width, so that tables keep their shape. */
export function cut(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 1)}\u2026` : text;
}
