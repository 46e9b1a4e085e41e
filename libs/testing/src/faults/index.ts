export type { Judge, Verdict } from './fault.line.js';
export * from './fault.proxy.js';
export * from './named.points.js';
export { natsDialect } from './nats.frames.js';
export { postgresDialect } from './postgres.frames.js';
export type { Dialect, Direction, Frame, Moment, MomentKind } from './stream.frames.js';
