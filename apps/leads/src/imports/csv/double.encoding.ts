import { isUtf8 } from 'node:buffer';

/** The bytes that Windows-1252 has for characters beyond ASCII. */
const BYTES: ReadonlyMap<string, number> = new Map(
  Array.from({ length: 128 }, (_, at): [string, number] => [
    new TextDecoder('windows-1252').decode(Uint8Array.of(128 + at)),
    128 + at,
  ]),
);
const BEYOND = /[^\0-\x7f]+/gu;
/** Characters of a run that are kept until it has ended. */
const LONGEST_RUN = 4_096;

/** What characters were before they were read as Windows-1252: `Ã©` → `é`. Undefined for those that never were. */
function once(run: string): string | undefined {
  const bytes: number[] = [];
  for (const character of run) {
    const byte = BYTES.get(character);
    if (byte === undefined) return undefined;
    bytes.push(byte);
  }
  const before = Buffer.from(bytes);
  return isUtf8(before) ? before.toString() : undefined;
}

/** Text as it was before it was saved as UTF-8 once more; what does not look so is left. */
export function savedOnce(text: string): string {
  return text.replace(BEYOND, (run) => once(run) ?? run);
}

/** Whether some of a text looks as if it had been saved as UTF-8 once more. */
export function hasSavedTwice(text: string): boolean {
  return (text.match(BEYOND) ?? []).some((run) => once(run) !== undefined);
}

/** Finds out whether all that is beyond ASCII in a text was saved as UTF-8 once more. */
export class DoubleEncodingDetector {
  private rest = '';
  private isBegun = false;
  private found = false;
  private isRefuted = false;

  /** Takes the next characters of the text. */
  add(text: string): void {
    if (this.isRefuted) return;
    const all = this.rest + (this.isBegun ? text : text.replace(/^\ufeff/, ''));
    this.isBegun = true;
    this.rest = endRun(all);
    this.look(all.slice(0, all.length - this.rest.length));
  }

  /** Takes characters of ASCII, whichever they are. */
  addAscii(): void {
    this.isBegun = true;
    this.look(this.rest);
    this.rest = '';
  }

  /** @param complete whether the text ends here */
  result(complete: boolean): boolean {
    if (complete) this.look(this.rest);
    return this.found && !this.isRefuted;
  }

  private look(text: string): void {
    for (const [run] of text.matchAll(BEYOND)) {
      if (once(run) === undefined) {
        this.isRefuted = true;
        return;
      }
      this.found = true;
    }
  }
}

/** The characters beyond ASCII that a text ends with: others of their run may follow. */
export function endRun(text: string): string {
  let at = text.length;
  while (at > 0 && text.length - at < LONGEST_RUN && text.charCodeAt(at - 1) > 0x7f) at--;
  return text.slice(at);
}
