import { headers, type MsgHdrs } from '@nats-io/nats-core';
import { HEADER } from '../envelope/envelope.codec.js';

/** Milliseconds for which whoever asked once is shown what there is. */
export const KEPT_MS = 15_000;
/** Milliseconds between two times of asking, while somebody watches. */
export const RENEWED_EVERY_MS = 5_000;
/** Bytes of a frame's JSON at most: what is larger is not shown, and the state is asked for instead. */
export const LARGEST_FRAME_BYTES = 8_192;

const SHAPE = /^([0-9a-f-]{36}) (\d{1,15})$/;

/** How far one process has come on one channel. */
export interface LiveMark {
  /** Made anew when the first one asks for the channel. */
  readonly epoch: string;
  /** Counts its frames 1, 2, 3 … without a gap; one that is missing was not shown. */
  readonly sequence: number;
}

/** The mark as a header has it. */
export function writeMark({ epoch, sequence }: LiveMark): string {
  return `${epoch} ${sequence}`;
}

/** Of what goes to whoever watches. */
export function liveFields(mark: LiveMark): MsgHdrs {
  const fields = headers();
  fields.append(HEADER.status, 'ok');
  fields.append(HEADER.live, writeMark(mark));
  return fields;
}

/** Undefined for what is no mark. */
export function readMark(text: string | undefined): LiveMark | undefined {
  const [, epoch, sequence] = SHAPE.exec(text ?? '') ?? [];
  return epoch === undefined ? undefined : { epoch, sequence: Number(sequence) };
}
