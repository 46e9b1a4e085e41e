import { relative } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { lastLines, type ProcessEnd, StartFailure } from '@apollo/servers';

/** How patient a supervisor is. */
export interface RestartPolicy {
  /** Milliseconds before the first restart; doubled for each that follows at once. */
  readonly firstDelayMs: number;
  /** A process that has run this many milliseconds has settled: its end is a first one again. */
  readonly settledAfterMs: number;
  /** How many ends in a row, each before it had settled, are too many. */
  readonly ends: number;
}

const POLICY: RestartPolicy = { firstDelayMs: 500, settledAfterMs: 30_000, ends: 5 };
/** How much of a log is shown of a process that could not go on, in lines and in characters of each. */
const LINES_SHOWN = 10;
const LINE_WIDTH = 300;

/** What a supervisor does things with. */
export interface Supervised {
  /** Starts a process again; rejects when it does not even begin. @returns its number */
  restart(name: string): Promise<number>;
  tell(line: string): void;
  /** Is told when a process is not started again any more. */
  giveUp(failure: StartFailure): void;
  /** Ends all waiting, since everything is stopped. */
  readonly signal: AbortSignal;
}

/** A process that has ended by itself. */
export interface EndedPart {
  readonly name: string;
  readonly logFile: string;
  readonly end: ProcessEnd;
}

/** Starts processes again that end by themselves, later each time, until one keeps ending before it has settled. */
export class PartSupervisor {
  private readonly begun = new Map<string, number>();
  private readonly inARow = new Map<string, number>();

  constructor(
    private readonly supervised: Supervised,
    private readonly policy: RestartPolicy = POLICY,
  ) {}

  /** To be called when a process begins. */
  started(name: string): void {
    this.begun.set(name, performance.now());
  }

  /** To be called when a process has ended that nobody had ordered to. Never rejects. */
  async ended(part: EndedPart): Promise<void> {
    const how = howItEnded(part.end);
    await this.again(part, `${part.name} ended ${how}`);
  }

  private async again(part: EndedPart, what: string): Promise<void> {
    const { name, logFile } = part;
    const { restart, tell, giveUp, signal } = this.supervised;
    const settled = performance.now() - (this.begun.get(name) ?? 0) >= this.policy.settledAfterMs;
    const ends = settled ? 1 : (this.inARow.get(name) ?? 0) + 1;
    this.inARow.set(name, ends);
    if (ends >= this.policy.ends) {
      return giveUp(await failureOf(`${what}, for the ${ends}th time in a row within seconds of its start`, logFile));
    }
    const waits = this.policy.firstDelayMs * 2 ** (ends - 1);
    tell(`${what}: started again in ${waits / 1000} s. Its log so far: ${shown(logFile)}.1`);
    try {
      await delay(waits, undefined, { signal });
      tell(`${name} runs again, as process ${await restart(name)}`);
    } catch (error) {
      if (signal.aborted) return;
      await this.again(part, (error as Error).message.replace(/\.$/, ''));
    }
  }
}

/** What to say of a program that could not go on, with the end of its log. @param what without a full stop */
export async function failureOf(what: string, logFile: string): Promise<StartFailure> {
  const lines = (await lastLines(logFile, LINES_SHOWN)).map((line) => `  ${line.slice(0, LINE_WIDTH)}`);
  return new StartFailure(`${what}. Its last lines, of ${shown(logFile)}:\n${lines.join('\n')}\n`);
}

/** By which signal or with which code a process ended, in words. */
export function howItEnded(end: ProcessEnd | undefined): string {
  return end?.signal ? `by ${end.signal}` : `with code ${end?.code ?? '?'}`;
}

/** A path as the person at the terminal would write it. */
export function shown(path: string): string {
  const inside = relative(process.cwd(), path);
  return inside.startsWith('..') ? path : inside;
}
