import { agentsMessages, isTool, refusedField } from '@apollo/contracts';

type Persona = agentsMessages.Persona;

/** What of a persona a request may say. */
type Changes = Omit<agentsMessages.UpdatePersonaRequest, 'id' | 'if_match'>;

/** What a new persona consists of. @throws DomainError `validation_failed` for a tool that there is not */
export function newSettings(request: agentsMessages.CreatePersonaRequest) {
  return {
    name: request.name,
    description: request.description ?? null,
    instructions: request.instructions,
    tools: checkedTools(request.tools ?? []),
    model: request.model ?? agentsMessages.DEFAULT_MODEL,
    daily_cap: request.daily_cap ?? null,
    archived: false,
    version: 1,
  };
}

/**
 * The persona after a change: what is absent stays, and where nothing is another it is the same object.
 *
 * @throws DomainError `validation_failed` for a tool that there is not
 */
export function changed(persona: Persona, request: Changes): Persona {
  const after: Persona = {
    ...persona,
    name: request.name ?? persona.name,
    description: request.description === undefined ? persona.description : request.description,
    instructions: request.instructions ?? persona.instructions,
    tools: request.tools ? checkedTools(request.tools) : persona.tools,
    model: request.model ?? persona.model,
    daily_cap: request.daily_cap ?? persona.daily_cap,
  };
  return JSON.stringify(after) === JSON.stringify(persona) ? persona : { ...after, version: persona.version + 1 };
}

/** Names of the fields in which two states of a persona differ, its version aside. */
export function differences(before: Persona, after: Persona): string[] {
  const fields = ['name', 'description', 'instructions', 'tools', 'model', 'daily_cap', 'archived'] as const;
  return fields.filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]));
}

/** Each tool once, in the order given. */
function checkedTools(tools: readonly string[]): string[] {
  const unknown = tools.find((name) => !isTool(name));
  if (unknown !== undefined) throw refusedField('tools', `names a tool that there is not: ${unknown}`);
  return [...new Set(tools)];
}
