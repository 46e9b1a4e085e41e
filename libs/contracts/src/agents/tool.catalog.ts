import type { Permission } from '../message/permissions.js';

/**
 * The tools that a persona may be given, each with what the person for whom it is used must be allowed: a persona adds
 * nothing to that.
 */
export const TOOLS = {
  search_leads: 'leads.read',
  read_lead: 'leads.read',
  create_lead: 'leads.write',
  update_lead: 'leads.write',
  move_lead: 'leads.write',
  add_note: 'leads.write',
  count_leads: 'leads.read',
  list_pipelines: 'pipelines.read',
  read_documents: 'documents.read',
  remember: 'agents.use',
  forget: 'agents.use',
  read_balance: 'balance.read',
} as const satisfies Record<string, Permission>;

/** The name of a tool, as a persona lists it. */
export type ToolName = keyof typeof TOOLS;

/** Every tool by its name, in the order of the catalogue. */
export const TOOL_NAMES = Object.keys(TOOLS) as readonly ToolName[];

/** Whether there is a tool of that name. */
export function isTool(name: string): name is ToolName {
  return Object.hasOwn(TOOLS, name);
}
