import { type agentsMessages, DomainError, GetBalance } from '@apollo/contracts';
import { isSame } from './org.names.js';
import { object, ownTool, text, tool, type ToolScope } from './tool.js';

/** Pages of a persona's memory that are looked through; it has no more. */
const MOST_PAGES = 5;

async function rememberedAs(said: string, { memory, personaId }: ToolScope): Promise<agentsMessages.Fact> {
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const { items, next_cursor } = await memory.list({
      persona_id: personaId,
      limit: 200,
      ...(cursor && { cursor }),
    });
    const found = items.find((fact) => isSame(fact.text, said));
    if (found) return found;
    if (next_cursor === null) break;
    cursor = next_cursor;
  }
  throw new DomainError('not_found', 'Nothing of these words is remembered.');
}

export const remember = ownTool({
  description: 'Remember a fact for later conversations.',
  input: object({ text: text(1_000) }, ['text']),
  plan: (input: { readonly text: string }, { personaId }) => ({ persona_id: personaId, text: input.text }),
  act: (request, { memory, now }) => memory.note(request, now),
});

export const forget = ownTool({
  description: 'Forget a fact that was remembered, by its words.',
  input: object({ text: text(1_000) }, ['text']),
  plan: async (input: { readonly text: string }, scope) => ({
    persona_id: scope.personaId,
    id: (await rememberedAs(input.text, scope)).id,
  }),
  act: async (request, { memory }) => {
    await memory.remove(request);
    return { forgotten: true };
  },
});

export const readBalance = tool({
  description: 'Tell how many Stars the organization has left.',
  input: object({}),
  contract: GetBalance,
  plan: () => ({}),
});
