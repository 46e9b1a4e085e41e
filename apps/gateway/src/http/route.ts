import type { ErrorCode, JsonSchema, MessageClass, RequestContract } from '@apollo/contracts';

/** The methods this API uses. */
export type Verb = 'get' | 'post' | 'patch' | 'delete';

/** Fields of a request that the gateway fills in itself; a client that names one is refused. */
export type Injected = 'address' | 'user_agent' | 'session_id' | 'if_match';

/** How a route's request or reply looks when it is not the contract's. */
export interface Media {
  readonly type: string;
  readonly schema: JsonSchema;
  /** Bytes of a body; without them it is bounded by whoever reads it. */
  readonly maxBytes?: number;
  /** Objects, lists and values that a JSON body has at most; few when absent. */
  readonly maxPieces?: number;
}

/**
 * One line of a route table. The contract decides who gets in: its scope says whether an organization, a person or
 * nobody must be named, its permission which roles may. A route without a contract is open and asks nobody.
 */
export interface Route {
  readonly verb: Verb;
  /** In OpenAPI form: `/v1/orgs/{org}/leads/{id}`. Every parameter but `{org}` is a field of the request. */
  readonly path: string;
  readonly summary: string;
  /** How clients call it, where another route has the same contract or there is none. */
  readonly operation?: string;
  readonly contract?: RequestContract;
  /** What is asked instead when the caller has no bearer token. */
  readonly withoutBearer?: RequestContract;
  readonly inject?: readonly Injected[];
  /** 200 when absent, or 204 when the reply has nothing to tell. */
  readonly status?: number;
  /** Address of what was created: a path whose parameters are fields of the reply or of this route's path. */
  readonly location?: string;
  /** Something to guess lies behind it: the stricter rate limit holds. */
  readonly guarded?: boolean;
  /** What its 401 may say, where that is not only that somebody has to sign in first. */
  readonly unauthenticated?: readonly ErrorCode[];
  /** A body that is not the contract's JSON. */
  readonly accepts?: Media;
  /** A reply that is not the contract's JSON. */
  readonly answers?: Media;
  /** A reply that stays open, or takes as long as its reader: nothing else is asked for on its connection. */
  readonly streams?: boolean;
  /** A reply that is composed here. */
  readonly reply?: MessageClass;
}

/** A name for a table and its routes. */
export interface RouteTable {
  /** Tag in the OpenAPI document. */
  readonly tag: string;
  readonly routes: readonly Route[];
}

/** The names between braces. */
export function parametersOf(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map((match) => String(match[1]));
}

/** The same path as Fastify and Nest write it: `/v1/orgs/:org`. */
export function pathPattern(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}

/**
 * A name no other route has, by which generated clients call it: its contract's (`create-lead` → `createLead`), its own, or
 * that of its path (`get /openapi.json` → `getOpenapiJson`).
 */
export function operationName({ operation, contract, verb, path }: Route): string {
  return operation ?? camelCase(contract?.method ?? `${verb} ${path}`);
}

function camelCase(words: string): string {
  return words.replaceAll(/\W+(\w?)/g, (_, letter: string) => letter.toUpperCase());
}
