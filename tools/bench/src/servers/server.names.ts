/** The names the four go by. */
export const NAMES = { barePg: 'bare Fastify + pg', stockNest: 'stock Nest + NATS + MikroORM', floor: 'floor: bare Fastify + NATS + pg', ours: 'Apollo Space' } as const;
