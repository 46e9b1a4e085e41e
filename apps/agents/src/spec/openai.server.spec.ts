import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LanguageModelV4, LanguageModelV4FunctionTool, LanguageModelV4Prompt } from '@ai-sdk/provider';
import { endpointModel } from '../model/endpoint.adapter.js';
import type { ModelAnswer } from '../model/model.answer.js';
import { MODEL_BOUNDS, type ModelBounds, type WireBounds } from '../model/model.bounds.js';
import { askModel } from '../model/model.caller.js';

/** Writes the answer to one request, as well or as badly as a spec wants it. */
export type Responder = (response: ServerResponse, body: Record<string, unknown>) => void | Promise<void>;

/** A server that speaks the OpenAI protocol as badly as no maintained one would. */
export interface ModelServer {
  readonly url: string;
  /** What was asked, the oldest first. */
  readonly requests: { readonly headers: IncomingMessage['headers']; readonly body: Record<string, unknown> }[];
  answer(responder: Responder): void;
  /** @returns milliseconds until the connection of the last request was closed; 3,000 where it was not */
  closed(): Promise<number>;
  stop(): Promise<void>;
}

/** @returns a server on a free port of the loopback interface */
export async function startModelServer(): Promise<ModelServer> {
  let responder: Responder = () => undefined;
  let closing: Promise<unknown> = Promise.resolve();
  const requests: ModelServer['requests'] = [];
  const server = createServer((request, response) => {
    closing = once(response, 'close');
    void readBody(request).then(async (body) => {
      requests.push({ headers: request.headers, body });
      await responder(response, body);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    answer: (next) => {
      requests.length = 0;
      responder = next;
    },
    closed: async () => {
      const began = performance.now();
      await Promise.race([closing, sleep(3000, undefined, { ref: false })]);
      return performance.now() - began;
    },
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Begins a stream of events. */
export function begin(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.flushHeaders();
}

/** One event of a stream: a delta, why it ends, or what it cost. */
export function event(delta: Record<string, unknown>, more: Record<string, unknown> = {}): string {
  const choice = { index: 0, delta, finish_reason: null, ...more };
  return `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', model: 'm', choices: [choice] })}\n\n`;
}

export const says = (content: string): string => event({ content });
export const ends = (finish_reason: string): string => event({}, { finish_reason });
export const costs = (usage: Record<string, unknown>): string => `data: ${JSON.stringify({ choices: [], usage })}\n\n`;
export const DONE = 'data: [DONE]\n\n';

/** A call of a tool, in one piece. */
export const calls = (index: number, id: string, name: string, text: string): string =>
  event({ tool_calls: [{ index, id, type: 'function', function: { name, arguments: text } }] });

/** Answers by one text. */
export const streams =
  (...events: string[]): Responder =>
  (response) => {
    begin(response);
    response.end(events.join(''));
  };

/** Two tools that are offered in all specs of the port. */
export const TOOLS: readonly LanguageModelV4FunctionTool[] = ['count_leads', 'list_pipelines'].map((name) => ({
  type: 'function',
  name,
  description: `Calls ${name}.`,
  inputSchema: { type: 'object', properties: {} },
}));

export const PROMPT: LanguageModelV4Prompt = [
  { role: 'system', content: 'You answer briefly.' },
  { role: 'user', content: [{ type: 'text', text: 'How many leads are there?' }] },
];

/** Asks and reads to the end. */
export async function asked(
  model: LanguageModelV4,
  bounds: Partial<ModelBounds> = {},
  signal = new AbortController().signal,
): Promise<ModelAnswer & { readonly pieces: readonly string[] }> {
  const stream = askModel(model, PROMPT, TOOLS, { signal, bounds: { ...MODEL_BOUNDS, ...bounds } });
  const pieces: string[] = [];
  for (;;) {
    const next = await stream.next();
    if (next.done) return { ...next.value, pieces };
    pieces.push(next.value);
  }
}

/** @returns a model behind a server, with a key that must never be seen again */
export async function modelAt(url: string, wire?: WireBounds): Promise<LanguageModelV4> {
  return await endpointModel({ baseUrl: url, key: KEY, modelId: 'm', fetch, ...(wire ? { wire } : {}) });
}

export const KEY = 'sk-never-to-be-shown';

async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return JSON.parse(text) as Record<string, unknown>;
}
