import { agentsMessages, DomainError, received } from '@apollo/contracts';
import type { Media } from '../http/route.js';

/** Bytes of what a stock client posts: all that was said so far, of which only the last is read. */
const MOST_BYTES = 1_048_576;
const MOST_PIECES = 80_000;

/** What the chat transport of the AI SDK posts. */
export const CHAT: Media = {
  type: 'application/json',
  maxBytes: MOST_BYTES,
  maxPieces: MOST_PIECES,
  schema: {
    type: 'object',
    description:
      'As the chat transport of the AI SDK posts it. `id` is the conversation; of `messages` the last is read, a user’s, which has texts alone. What was said before is taken from the conversation itself.',
    required: ['id', 'messages'],
    properties: {
      id: { type: 'string', format: 'uuid' },
      messages: {
        type: 'array',
        minItems: 1,
        items: {
          type: 'object',
          required: ['role', 'parts'],
          properties: {
            role: { type: 'string', enum: ['user', 'assistant'] },
            parts: {
              type: 'array',
              items: {
                type: 'object',
                required: ['type', 'text'],
                properties: { type: { type: 'string', enum: ['text'] }, text: { type: 'string' } },
              },
            },
          },
        },
      },
      trigger: { type: 'string', enum: ['submit-message'] },
    },
  },
};

/**
 * What a stock client says, and in which conversation. Nothing else that it sends is evidence of anything.
 *
 * @throws DomainError `validation_failed` for what is no message of a person in words
 */
export function messageIn(body: unknown): agentsMessages.PostMessageRequest {
  const { id, messages, trigger } = objectIn(body);
  if (trigger !== undefined && trigger !== 'submit-message')
    throw refused('trigger', 'must be submit-message: what was answered is not answered anew');
  const last = objectIn(Array.isArray(messages) ? (messages as unknown[]).at(-1) : undefined);
  if (last['role'] !== 'user' || !Array.isArray(last['parts'])) throw refused('messages', 'must end with a user’s');
  const text = (last['parts'] as unknown[]).map(textIn).join('\n');
  return received(agentsMessages.PostMessageRequest, { conversation_id: id, text });
}

function textIn(part: unknown): string {
  const { type, text } = objectIn(part);
  if (type !== 'text' || typeof text !== 'string') throw refused('messages', 'must end with one that has texts alone');
  return text;
}

function objectIn(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function refused(field: string, problem: string): DomainError {
  return new DomainError('validation_failed', undefined, [{ field, problem }]);
}
