import { type ChildProcess, execFile, spawn, type SpawnOptions } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Injectable } from '@nestjs/common';
import { type ExtractionFailure, isExtractionFailure, UnreadableError } from './extraction.failure.js';
import {
  DATA_KIBIBYTES,
  HEAP_MEBIBYTES,
  LONGEST_SECONDS,
  MOST_OUTPUT,
  MOST_PAGES,
  MOST_TEXT,
  RESIDENT_BYTES,
} from './extraction.limits.js';

/** How a file is read: by what it is, not by what it is called. */
export type FileFormat = 'text' | 'pdf' | 'docx';

/** The text of a page, counted from 1. */
export interface PageText {
  readonly page: number;
  readonly text: string;
}

/** What is read, and how long that is worth while. */
export interface FileToRead {
  readonly format: FileFormat;
  readonly bytes: number;
  readonly pieces: AsyncIterable<Buffer>;
  /** Reading ends at once where it is aborted. */
  readonly signal: AbortSignal;
}

/** What bounds a process that reads: the operating system, or whoever watches it where that has no bound to set. */
export interface Confinement {
  readonly seconds: number;
  readonly isBoundBySystem: boolean;
}

/** Where something is once links are followed: what may be opened is said in such paths. */
const placeOf = (url: URL | string): string => realpathSync(fileURLToPath(url));
/** As it is built, also where this runs from its source. */
const FOLDER = `${placeOf(new URL('../../../dist/documents/extraction/', import.meta.url))}/`;
const ENTRY = `${FOLDER}extraction.process.js`;
const OF_PACKAGE = placeOf(new URL('../../../package.json', import.meta.url));
/** Where libraries are looked for, and where those that read are, with what these need. */
const LOOKED_IN = ['../../../node_modules/', '../../../../../node_modules/'].map((path) => join(FOLDER, path));
const LIBRARIES = [import.meta.resolve('unpdf'), import.meta.resolve('mammoth')].map((place) => {
  const [root] = placeOf(place).split('/node_modules/');
  return `${root}/node_modules/`;
});
const READABLE = [FOLDER, OF_PACKAGE, ...new Set([...LOOKED_IN.filter(existsSync), ...LIBRARIES])].map(
  (path) => `--allow-fs-read=${path}`,
);
/** `$0` and what follows is what is begun, by the process that the bounds are set for: it has the same id. */
const BOUND = `ulimit -c 0 && ulimit -d ${DATA_KIBIBYTES} && ulimit -t ${LONGEST_SECONDS} && exec "$0" "$@"`;
const WATCHED_EVERY_MS = 100;
const BY_DEFAULT: Confinement = { seconds: LONGEST_SECONDS, isBoundBySystem: process.platform === 'linux' };

/**
 * Reads files of people in a process of its own each, one at a time, that is bound in memory, time and what it may say,
 * opens no file but its own program, starts no other process and has nothing of this one's environment. What it says is
 * looked at as anything that a stranger says.
 */
@Injectable()
export class ExtractionRunner {
  private reading = false;

  /** Whether a file is being read: another one has to wait. */
  get isBusy(): boolean {
    return this.reading;
  }

  /**
   * @returns the text of each page that has one, in their order
   * @throws UnreadableError; whatever `pieces` throws; the signal's reason
   */
  async read(file: FileToRead, confinement: Confinement = BY_DEFAULT): Promise<PageText[]> {
    file.signal.throwIfAborted();
    const child = beginConfined([ENTRY, file.format, String(file.bytes)], confinement.isBoundBySystem);
    this.reading = true;
    const kill = (): void => void child.kill('SIGKILL');
    const timer = setTimeout(kill, confinement.seconds * 1_000);
    const watch = confinement.isBoundBySystem ? undefined : setInterval(() => watchMemory(child), WATCHED_EVERY_MS);
    file.signal.addEventListener('abort', kill, { once: true });
    try {
      const [pages] = await Promise.all([listen(child), feed(child, file.pieces)]);
      return pages;
    } catch (error) {
      file.signal.throwIfAborted();
      throw error;
    } finally {
      kill();
      clearTimeout(timer);
      clearInterval(watch);
      file.signal.removeEventListener('abort', kill);
      this.reading = false;
    }
  }
}

/**
 * Begins a program of Node in a process that may open nothing but the program that reads files and its libraries, start
 * no other process, and has nothing of this one's environment.
 *
 * @param isBoundBySystem whether memory and time are bound by the operating system
 */
export function beginConfined(program: readonly string[], isBoundBySystem: boolean): ChildProcess {
  const words = [`--max-old-space-size=${HEAP_MEBIBYTES}`, '--permission', ...READABLE, ...program];
  const options: SpawnOptions = { cwd: '/', env: {}, stdio: ['pipe', 'pipe', 'ignore'] };
  return isBoundBySystem
    ? spawn('/bin/sh', ['-c', BOUND, process.execPath, ...words], options)
    : spawn(process.execPath, words, options);
}

/** Hands a file over. One that ends before it has all of it says why, or is found dead. */
async function feed(child: ChildProcess, pieces: AsyncIterable<Buffer>): Promise<void> {
  const { stdin } = child;
  if (!stdin) return;
  let isGone = false;
  const gone = new Promise<void>((resolve) => {
    const end = (): void => resolve(void (isGone = true));
    stdin.on('error', end).on('close', end);
  });
  try {
    for await (const piece of pieces) {
      if (isGone) return;
      if (!stdin.write(piece)) await Promise.race([gone, new Promise((drained) => stdin.once('drain', drained))]);
    }
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  stdin.end();
}

/** Everything that a process says, until it ends. @throws UnreadableError */
async function listen(child: ChildProcess): Promise<PageText[]> {
  const ended = new Promise<void>((resolve) => child.once('error', () => resolve()).once('close', () => resolve()));
  const pages = new Map<number, string>();
  let rest = '';
  let octets = 0;
  let end: unknown;
  child.stdout?.setEncoding('utf8').on('data', (said: string) => {
    octets += Buffer.byteLength(said);
    const lines = (rest + said).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) end = heard(line, pages) ?? end;
    if (octets > MOST_OUTPUT || end === 'damaged') child.kill('SIGKILL');
  });
  await ended;
  if (octets > MOST_OUTPUT) throw new UnreadableError('too_much_text');
  // Who was killed said nothing at last: for time, memory, or a fault in what reads, which a file has come upon.
  if (end !== 'read') throw new UnreadableError(isExtractionFailure(end) ? end : 'too_costly');
  return [...pages].map(([page, text]) => ({ page, text })).sort((one, other) => one.page - other.page);
}

/** Notes a piece of text. @returns how it ended, where a line says that */
function heard(line: string, pages: Map<number, string>): 'read' | ExtractionFailure | undefined {
  let value: Readonly<Record<string, unknown>>;
  try {
    value = { ...(JSON.parse(line) as object) };
  } catch {
    return 'damaged';
  }
  const { page, text, ended } = value;
  if (ended !== undefined) return ended === 'read' || isExtractionFailure(ended) ? ended : 'damaged';
  if (!Number.isInteger(page) || Number(page) < 1 || Number(page) > MOST_PAGES || typeof text !== 'string')
    return 'damaged';
  const known = pages.get(Number(page)) ?? '';
  if (known.length + text.length > MOST_TEXT) return 'damaged';
  pages.set(Number(page), known + text);
  return undefined;
}

/** Ends a process that has more memory in use than it may. */
function watchMemory(child: ChildProcess): void {
  execFile('ps', ['-o', 'rss=', '-p', String(child.pid)], (error, kibibytes) => {
    if (!error && Number(kibibytes) * 1_024 > RESIDENT_BYTES) child.kill('SIGKILL');
  });
}
