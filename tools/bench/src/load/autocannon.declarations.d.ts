declare module 'autocannon' {
  import type { EventEmitter } from 'node:events';

  interface Request {
    method?: string;
    path?: string;
    headers?: Record<string, string>;
    body?: string | Buffer;
  }
  interface Options {
    url: string;
    connections: number;
    /** Whole seconds. */
    duration: number;
    requests: { setupRequest: (request: Request) => Request }[];
  }
  interface Run extends EventEmitter, Promise<{ errors: number; timeouts: number }> {
    on(
      event: 'response',
      listener: (client: object, statusCode: number, bytes: number, milliseconds: number) => void,
    ): this;
  }
  export default function autocannon(options: Options): Run;
}
