/** Tells the bench that this peer is ready, and on which port if it has one; ends when the bench is gone. */
export function announceReady(port?: number): void {
  process.once('disconnect', () => process.exit(0));
  process.send?.({ port: port ?? null });
}

/** The port of an address that something listens on. */
export function portOf(address: string | { port: number } | null): number {
  if (address === null || typeof address === 'string') throw new Error('a listening TCP server has a port');
  return address.port;
}
