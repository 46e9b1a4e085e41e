import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { HostileGenerator } from './hostile.generator.js';

/**
 * A model that is an attacker, behind the OpenAI protocol: it answers as it likes, and looks into what it is asked for
 * what it must never be told. Beside it a trap, at which nobody has any business.
 */
export class HostileServer {
  /** How often it was asked. */
  asked = 0;
  /** Requests that came to the trap. */
  trapped = 0;
  /** What it was told that it must not know. */
  readonly told = new Set<string>();
  /** Set before it is asked for the first time. */
  answers: HostileGenerator | undefined;
  secrets: readonly string[] = [];

  private constructor(
    private readonly model: Server,
    private readonly trap: Server,
  ) {}

  static async start(): Promise<HostileServer> {
    const [model, trap] = [createServer(), createServer()];
    const made = new HostileServer(model, trap);
    model.on('request', (request, response) => void made.answer(request, response));
    trap.on('request', (_request, response) => {
      made.trapped += 1;
      response.end();
    });
    await Promise.all([model, trap].map((server) => once(server.listen(0, '127.0.0.1'), 'listening')));
    return made;
  }

  get url(): string {
    return `${urlOf(this.model)}/v1`;
  }

  get trapUrl(): string {
    return urlOf(this.trap);
  }

  async stop(): Promise<void> {
    for (const server of [this.model, this.trap]) {
      server.closeAllConnections();
      await once(server.close(), 'close');
    }
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    for (const secret of this.secrets) if (body.includes(secret)) this.told.add(secret);
    this.asked += 1;
    const answer = this.answers?.next();
    response.on('error', () => undefined);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const event of answer?.events ?? []) response.write(event);
    if (answer?.ends) response.end();
    else response.destroy();
  }
}

function urlOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
