import type { FaultProxy } from './fault.proxy.js';
import type { Direction, Moment, MomentKind } from './stream.frames.js';

interface Point {
  readonly link: 'postgres' | 'nats';
  readonly kind: MomentKind;
  readonly direction: Direction;
  /** Whether the other end still gets it. */
  readonly passes: boolean;
}

/**
 * The points of a service's work at which dying is worst, each as the line between it and its servers shows it: no line
 * of a service knows of them. After a commit or a publication, the service never learns of it.
 */
export const POINTS = {
  'before commit': { link: 'postgres', kind: 'commit', direction: 'to-server', passes: false },
  'after commit': { link: 'postgres', kind: 'committed', direction: 'to-client', passes: false },
  'before publish': { link: 'nats', kind: 'publish', direction: 'to-server', passes: false },
  'after publish': { link: 'nats', kind: 'confirmed', direction: 'to-client', passes: false },
  'before ack': { link: 'nats', kind: 'ack', direction: 'to-server', passes: false },
  'after ack': { link: 'nats', kind: 'ack', direction: 'to-server', passes: true },
  'before reply': { link: 'nats', kind: 'reply', direction: 'to-server', passes: false },
  'after reply': { link: 'nats', kind: 'reply', direction: 'to-server', passes: true },
} as const satisfies Record<string, Point>;

export type PointName = keyof typeof POINTS;

/** Waiting for a point. */
export interface PointWait {
  /** Resolves once `act` is done, with what passed. */
  readonly sprung: Promise<Moment>;
  /** Waits no longer. */
  cancel(): void;
}

/**
 * Does `act`, once, when the line reaches a point: before anything is forwarded where the point says so, and then
 * never.
 *
 * @param fits narrows the point to certain subjects or statements
 */
export function at(
  proxy: FaultProxy,
  name: PointName,
  act: () => unknown,
  fits: (moment: Moment) => boolean = () => true,
): PointWait {
  const point: Point = POINTS[name];
  let resolve: (moment: Moment) => void = () => undefined;
  const sprung = new Promise<Moment>((done) => (resolve = done));
  const cancel = proxy.watch(async (moment) => {
    if (moment.kind !== point.kind || moment.direction !== point.direction || !fits(moment)) return undefined;
    cancel();
    const strike = async (): Promise<void> => {
      await act();
      resolve(moment);
    };
    if (point.passes) return { do: 'pass', after: strike };
    await strike();
    return { do: 'cut' };
  });
  return { sprung, cancel };
}
