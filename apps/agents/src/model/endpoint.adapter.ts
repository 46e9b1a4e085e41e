import type { LanguageModelV4 } from '@ai-sdk/provider';
import { WIRE_BOUNDS, type WireBounds } from './model.bounds.js';
import { boundedResponse } from './wire.limit.js';

/** Where a model of the OpenAI protocol is, and how it is reached. */
export interface ModelEndpoint {
  /** Without `/chat/completions`. */
  readonly baseUrl: string;
  /** Sent as a bearer token; none where the endpoint wants none. */
  readonly key?: string;
  readonly modelId: string;
  /** Reaches only addresses that are allowed: this file looks at none. */
  readonly fetch: typeof globalThis.fetch;
  readonly wire?: WireBounds;
}

/**
 * The adapter is loaded with the first model that needs it, because it is heavy.
 *
 * @returns a model behind an endpoint that speaks the OpenAI protocol
 */
export async function endpointModel(endpoint: ModelEndpoint): Promise<LanguageModelV4> {
  const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
  const provider = createOpenAICompatible({
    name: 'endpoint',
    baseURL: endpoint.baseUrl,
    ...(endpoint.key === undefined ? {} : { apiKey: endpoint.key }),
    includeUsage: true,
    fetch: boundedFetch(endpoint.fetch, endpoint.wire ?? WIRE_BOUNDS),
  });
  return provider.chatModel(endpoint.modelId);
}

/** A redirection is not followed: the key would go where nobody configured it. */
function boundedFetch(fetch: ModelEndpoint['fetch'], bounds: WireBounds): ModelEndpoint['fetch'] {
  return async (input, init) => boundedResponse(await fetch(input, { ...init, redirect: 'manual' }), bounds);
}
