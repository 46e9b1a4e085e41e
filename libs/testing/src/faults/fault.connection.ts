import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { FaultLine, Verdict } from './fault.line.js';
import type { Dialect, Direction, Frame } from './stream.frames.js';

/**
 * Two sockets and what lies between them. Each direction keeps its order, and pauses its sender when the receiver is
 * slow.
 */
export class FaultConnection {
  readonly ended: Promise<unknown>;

  /** @param dialect none forwards bytes as they come, without moments */
  constructor(
    private readonly client: Socket,
    private readonly server: Socket,
    private readonly line: FaultLine,
    private readonly dialect: Dialect | undefined,
  ) {
    // What goes wrong is told to the loops below.
    for (const socket of [client, server]) socket.on('error', () => undefined);
    this.ended = Promise.allSettled([this.carry('to-server', client, server), this.carry('to-client', server, client)]);
  }

  /** Both ends are told that the connection is broken. */
  reset(): void {
    this.client.resetAndDestroy();
    this.server.resetAndDestroy();
  }

  private async carry(direction: Direction, from: Socket, to: Socket): Promise<void> {
    try {
      // Kept at its end: the other direction may still have something to say.
      for await (const chunk of from.iterator({ destroyOnReturn: false })) {
        await this.line.passable(direction);
        for (const frame of this.dialect?.frames(direction, chunk as Buffer) ?? [{ bytes: chunk as Buffer }])
          await this.pass(frame, to);
      }
      // An end of one side may not overtake what was on its way.
      await this.line.passable(direction);
      to.end();
    } catch {
      await this.line.passable(direction);
      to.resetAndDestroy();
    }
  }

  private async pass(frame: Frame, to: Socket): Promise<void> {
    const verdict: Verdict = frame.moment ? await this.line.judge(frame.moment) : { do: 'pass' };
    switch (verdict.do) {
      case 'pass':
        await write(to, frame.bytes);
        return void (await verdict.after?.());
      case 'twice':
        await write(to, frame.bytes);
        return write(to, frame.bytes);
      case 'later':
        // Behind whatever passes meanwhile; frames are written whole, so it ends up between two others.
        return void delay(verdict.ms, undefined, { ref: false })
          .then(() => write(to, frame.bytes))
          .catch(() => undefined);
      case 'cut':
        return this.reset();
      case 'swallow':
        return;
    }
  }
}

async function write(to: Socket, bytes: Buffer): Promise<void> {
  if (to.destroyed || to.write(bytes)) return;
  const gone = new AbortController();
  await Promise.race([once(to, 'drain', { signal: gone.signal }), once(to, 'close', { signal: gone.signal })]).catch(
    () => undefined,
  );
  gone.abort();
}
