/** How long and how much one call of a model may be. Times are in milliseconds, sizes in octets of UTF-8. */
export interface ModelBounds {
  /** From the call to the end of the answer. */
  readonly totalMs: number;
  /** From the call to the first part of the answer that says something. */
  readonly firstChunkMs: number;
  /** From one such part to the next, while somebody waits for it. */
  readonly chunkMs: number;
  /** Of text, reasoning and arguments together. */
  readonly answerBytes: number;
  /** What the model is told to end at; a provider that claims to have made more is not believed. */
  readonly outputTokens: number;
  /** Calls of tools in one answer. */
  readonly toolCalls: number;
  /** Of the arguments of one call. */
  readonly argumentBytes: number;
  /** The longest wait that is taken from a provider; what asks for more is cut to it. */
  readonly retryAfterSeconds: number;
}

export const MODEL_BOUNDS: ModelBounds = {
  totalMs: 180_000,
  firstChunkMs: 60_000,
  chunkMs: 30_000,
  answerBytes: 128 * 1024,
  outputTokens: 16_384,
  toolCalls: 32,
  argumentBytes: 32 * 1024,
  retryAfterSeconds: 120,
};

/** What an endpoint may send over the wire for one answer, in octets. */
export interface WireBounds {
  /** All of it: a token often comes in an event of its own, of some 250. */
  readonly answerBytes: number;
  /** One event, which is read at once: what it holds is unpacked before anybody can say stop. */
  readonly eventBytes: number;
  /** The body of an answer that says what went wrong. */
  readonly errorBytes: number;
}

export const WIRE_BOUNDS: WireBounds = {
  answerBytes: 8 * 1024 * 1024,
  eventBytes: 256 * 1024,
  errorBytes: 64 * 1024,
};
