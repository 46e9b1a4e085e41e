import type { LanguageModelV4FunctionTool } from '@ai-sdk/provider';
import { isTool, type ToolName } from '@apollo/contracts';
import { readDocuments } from './document.tools.js';
import {
  addNote,
  countLeads,
  createLead,
  listPipelines,
  moveLead,
  readLead,
  searchLeads,
  updateLead,
} from './lead.tools.js';
import { forget, readBalance, remember } from './own.tools.js';
import type { AgentTool } from './tool.js';

/** Every tool of the catalogue, by its name. */
export const TOOL_TABLE: Readonly<Record<ToolName, AgentTool>> = {
  search_leads: searchLeads,
  read_lead: readLead,
  create_lead: createLead,
  update_lead: updateLead,
  move_lead: moveLead,
  add_note: addNote,
  count_leads: countLeads,
  list_pipelines: listPipelines,
  read_documents: readDocuments,
  remember,
  forget,
  read_balance: readBalance,
};

/** Those that a persona has, as a model is offered them; names of tools that are none are left out. */
export function offered(names: readonly string[]): LanguageModelV4FunctionTool[] {
  return [...new Set(names)].filter(isTool).map((name) => ({
    type: 'function',
    name,
    description: TOOL_TABLE[name].description,
    inputSchema: TOOL_TABLE[name].input,
  }));
}
