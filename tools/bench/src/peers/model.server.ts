import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** Milliseconds that the model takes for each answer. */
export const THINKS_MS = 300;
/** Calls of a tool in a turn, each an answer of its own before the last one in words. */
export const CALLS_OF_TURN = 3;

/** A model behind the OpenAI protocol that takes its time: it has a tool used some times, and answers then. */
export class ModelServer {
  private constructor(private readonly server: ReturnType<typeof createServer>) {}

  static async start(): Promise<ModelServer> {
    const server = createServer((request, response) => void answer(request, response));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return new ModelServer(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/v1`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await once(this.server.close(), 'close');
  }
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  const { messages } = JSON.parse(body) as { messages: { role: string }[] };
  // Of this turn: those before it end with words.
  const begun = messages.findLastIndex(({ role }) => role === 'user');
  const results = messages.slice(begun).filter(({ role }) => role === 'tool').length;
  await delay(THINKS_MS);
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const call = { index: 0, id: `c${results}`, type: 'function', function: { name: 'count_leads', arguments: '{}' } };
  const says = results < CALLS_OF_TURN ? { tool_calls: [call] } : { content: 'Counted.' };
  const reason = results < CALLS_OF_TURN ? 'tool_calls' : 'stop';
  response.end(`${event(says, null)}${event({}, reason)}data: [DONE]\n\n`);
}

function event(delta: object, finish_reason: string | null): string {
  const choice = { index: 0, delta, finish_reason };
  return `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', model: 'm', choices: [choice] })}\n\n`;
}
