import type { JSONSchema7 } from '@ai-sdk/provider';
import type { RequestContract } from '@apollo/contracts';
import type { DocumentService } from '../documents/document.service.js';
import type { FactService } from '../memory/fact.service.js';
import type { OrgNames } from './org.names.js';

/** Arguments that fit the tool's schema; whatever they say is data. */
export type ToolInput = Readonly<Record<string, never>>;

/** Asks a service for something, in the name of the person for whom a run acts and within what they granted. */
export type Ask = <Request extends object, Reply extends object>(
  contract: RequestContract<Request, Reply>,
  request: NoInfer<Request>,
) => Promise<Reply>;

/** Within what a tool is used: one organization, one run, one persona. */
export interface ToolScope {
  readonly ask: Ask;
  readonly names: OrgNames;
  readonly personaId: string;
  /** What the persona remembers. */
  readonly memory: FactService;
  /** Those of the organization. */
  readonly documents: DocumentService;
  readonly now: Date;
}

interface DescribedTool {
  readonly description: string;
  readonly input: JSONSchema7;
  /**
   * What is asked for, in ids: names are looked up within the organization. It changes nothing.
   *
   * @throws DomainError which a model is told
   */
  plan(input: ToolInput, scope: ToolScope): object | Promise<object>;
}

/** A tool over a contract: who may use it, and within which organization, is what the contract says. */
export interface ContractTool extends DescribedTool {
  readonly contract: RequestContract;
  /** What a model is shown of the answer; all of it when left out. */
  show?(reply: never, scope: ToolScope, input: ToolInput): unknown;
}

/** What this service does itself: in the transaction of the entry that says so, which makes it happen once. */
export interface OwnTool extends DescribedTool {
  act(request: never, scope: ToolScope): Promise<object>;
}

export type AgentTool = ContractTool | OwnTool;

/** A tool with the types of its contract, which the table of all of them does without. */
export function tool<Request extends object, Reply extends object, Input extends object>(definition: {
  readonly description: string;
  readonly input: JSONSchema7;
  readonly contract: RequestContract<Request, Reply>;
  plan(input: Input, scope: ToolScope): NoInfer<Request> | Promise<NoInfer<Request>>;
  show?(reply: NoInfer<Reply>, scope: ToolScope, input: Input): unknown;
}): ContractTool {
  return definition as unknown as ContractTool;
}

/** As `tool`, of what this service does itself. */
export function ownTool<Request extends object, Input extends object>(definition: {
  readonly description: string;
  readonly input: JSONSchema7;
  plan(input: Input, scope: ToolScope): Request | Promise<Request>;
  act(request: NoInfer<Request>, scope: ToolScope): Promise<object>;
}): OwnTool {
  return definition as unknown as OwnTool;
}

/** A text of a schema. */
export const text = (maxLength: number): JSONSchema7 => ({ type: 'string', minLength: 1, maxLength });
/** An id of a schema. */
export const id: JSONSchema7 = { type: 'string', format: 'uuid' };
/** An object that has no other fields than these. */
export const object = (properties: Record<string, JSONSchema7>, required: string[] = []): JSONSchema7 => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});
