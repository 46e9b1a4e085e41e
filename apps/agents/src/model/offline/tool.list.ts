import type { LanguageModelV4FunctionTool, LanguageModelV4ProviderTool } from '@ai-sdk/provider';
import { TOOL_NAMES, type ToolName } from './answer.text.js';
import { fitsSchema } from '../schema.fits.js';

/** A call that the offline model wants to be made. */
export interface ToolCall {
  readonly name: ToolName;
  readonly input: Readonly<Record<string, unknown>>;
}

/** The tools that were offered, of those that the offline model knows. */
export class ToolList {
  private readonly offered: ReadonlyMap<string, LanguageModelV4FunctionTool>;

  constructor(tools: readonly (LanguageModelV4FunctionTool | LanguageModelV4ProviderTool)[]) {
    this.offered = new Map(tools.filter((tool) => tool.type === 'function').map((tool) => [tool.name, tool]));
  }

  has(name: ToolName): boolean {
    return this.offered.has(name);
  }

  /** @returns those that were offered, in the order in which they are told */
  get names(): ToolName[] {
    return TOOL_NAMES.filter((name) => this.has(name));
  }

  /** @returns whether a tool was offered that takes these arguments */
  takes({ name, input }: ToolCall): boolean {
    const tool = this.offered.get(name);
    return tool !== undefined && fitsSchema(tool.inputSchema, input);
  }
}
