import type { ProcessEnd } from '@apollo/servers';
import { endSuddenly } from '../process/sudden.end.js';

/** A process of a platform. */
export interface Part {
  readonly pid: number;
  readonly logFile: string;
  readonly ended: Promise<ProcessEnd>;
  stop(): Promise<void>;
}

interface Kept {
  readonly part: Part;
  readonly start: () => Promise<Part>;
}

/** What a platform does about its processes. */
export interface PartsObserver {
  /** A process of this name has begun. */
  started(name: string, pid: number): Promise<void>;
  /** A process has ended that nobody had ordered to. */
  died(name: string, part: Part, end: ProcessEnd): void;
}

/**
 * The processes of a platform by name: each can be killed and started again at the same address, over the same data.
 */
export class PlatformParts {
  private readonly parts = new Map<string, Kept>();
  private readonly ordered = new Set<Part>();

  constructor(private readonly observer: PartsObserver) {}

  /** Keeps a process that runs. @param start how it is started anew */
  async keep(name: string, part: Part, start: () => Promise<Part>): Promise<void> {
    this.parts.set(name, { part, start });
    void part.ended.then((end) => {
      if (!this.ordered.delete(part)) this.observer.died(name, part, end);
    });
    await this.observer.started(name, part.pid);
  }

  /** @throws Error for a name that no process here has */
  pid(name: string): number {
    return this.of(name).part.pid;
  }

  /** Resolves when it has ended. */
  async kill(name: string): Promise<void> {
    const { part } = this.of(name);
    this.ordered.add(part);
    endSuddenly(part.pid);
    await part.ended;
  }

  /** Resolves when it runs; a service may not be ready yet. */
  async restart(name: string): Promise<void> {
    const { start } = this.of(name);
    await this.keep(name, await start(), start);
  }

  async stop(name: string): Promise<void> {
    await this.of(name).part.stop();
  }

  private of(name: string): Kept {
    const kept = this.parts.get(name);
    if (!kept) throw new Error(`no process here is called ${name}`);
    return kept;
  }
}
