import type { agentsMessages } from '@apollo/contracts';
import type { LogEntry } from './run.repository.js';

type Shown = agentsMessages.RunEntry;

const NOTHING = {
  call: null,
  model: null,
  text: null,
  tool: null,
  arguments: null,
  result: null,
  succeeded: null,
  input_tokens: null,
  output_tokens: null,
  stars: null,
  price_version: null,
  refused_by: null,
  milliseconds: null,
};

/** An entry of a log as people read it. */
export function entryOf({ seq, at, event }: LogEntry): Shown {
  const { kind, step } = event;
  const shown = { ...NOTHING, seq, kind, step, at: at.toISOString() };
  switch (event.kind) {
    case 'asked':
      return { ...shown, model: event.model, input_tokens: event.tokens };
    case 'reserved':
      return { ...shown, stars: event.stars, price_version: event.priceVersion };
    case 'refused':
      return { ...shown, refused_by: event.layer, text: event.reason };
    case 'answered':
      return {
        ...shown,
        text: event.text || null,
        arguments: event.calls.length > 0 ? JSON.stringify(event.calls) : null,
        succeeded: event.finish !== 'failed',
        result: event.failure,
        input_tokens: event.inputTokens,
        output_tokens: event.outputTokens,
        milliseconds: event.milliseconds,
      };
    case 'settled':
      return { ...shown, stars: event.stars };
    case 'called':
      return { ...shown, call: event.call, tool: event.tool, arguments: JSON.stringify(event.request) };
    case 'returned': {
      const { call, tool, result, succeeded, milliseconds } = event;
      return { ...shown, call, tool, result, succeeded, milliseconds };
    }
  }
}
