import type { CapLayer } from './cap.tables.js';

/** What is wrong with a cap's layer and the ids it is for, or null when they fit each other. */
export function capProblem(layer: CapLayer, agent: string | null, person: string | null): string | null {
  switch (layer) {
    case 'org_month':
      return agent || person ? "The month's cap of the organization names no agent and no person." : null;
    case 'agent_day':
      return person ? "The day's cap of an agent names no person." : null;
    case 'user_agent_month':
      return (agent === null) === (person === null)
        ? null
        : "The month's cap of a person with an agent names both or neither.";
  }
}
