/** The names the four go by. */
export const NAMES = {
  barePg: 'bare Fastify + pg',
  stockNest: 'stock Nest + NATS + MikroORM',
  floor: 'floor: bare Fastify + NATS + pg',
  ours: 'Apollo Space',
} as const;
/** Who passes events on. */
export const EVENT_NAMES = {
  raw: 'raw JetStream, publish and ack',
  ours: 'Apollo Space, commit to effect',
  live: 'Apollo Space, change to effect',
} as const;
/** Who reserves, and where. */
export const RESERVE_NAMES = {
  reference: 'the function alone, 8 clients',
  single: 'the function alone, 1 client',
  batches: 'the function for many, 16 at a time, 1 client',
  lone: 'Apollo Space, 1 caller',
  eight: 'Apollo Space, 8 callers',
  many: 'Apollo Space, 32 callers',
  most: 'Apollo Space, 256 callers',
  thousand: 'Apollo Space, 32 callers, 1,000 wallets',
  thousandAlone: 'the function alone, 8 clients, 1,000 wallets',
} as const;
