import { agentsMessages, Optional, validated, Text, TextList } from '@apollo/contracts';
import { jsonFile, type VariableKind, WEB_ADDRESS } from '@apollo/service-kit/process';
import { OFFLINE_MODEL } from './offline/offline.provider.js';

/** Models of a list at most. */
const MOST_MODELS = 50;

/** A model that the operator has: an endpoint that speaks the OpenAI protocol. */
export class ListedModel {
  /** By which personas call it. */
  @Text(agentsMessages.MODEL_NAME) name!: string;
  /** Where the protocol begins, without `/chat/completions`. */
  @Text({ max: 500 }) url!: string;
  /** What the endpoint calls it. */
  @Text({ max: 200 }) model!: string;
  /** Sent as a bearer token. */
  @Optional() @Text({ max: 500 }) key?: string;
  /** Names of models that are asked instead where this one cannot answer, in their order. */
  @Optional() @TextList({ max: 5, length: 100 }) fallback?: string[];
}

/** The file of the models that personas may have besides the offline one, read at the start. */
export const MODELS_FILE: VariableKind<readonly ListedModel[]> = jsonFile(
  'the path of a file that can be read and lists models: {"models": [{"name", "url", "model", "key", "fallback"}]}, with names that are told apart and fallbacks of the list',
  modelsOf,
);

/** @returns undefined for what is no list of models */
export function modelsOf(json: unknown): readonly ListedModel[] | undefined {
  const { models } = (json ?? {}) as { readonly models?: unknown };
  if (!Array.isArray(models) || models.length > MOST_MODELS) return undefined;
  try {
    const list = models.map((model: unknown) => validated(ListedModel, model));
    const names = new Set([OFFLINE_MODEL, ...list.map(({ name }) => name)]);
    const isRight = ({ name, url, fallback = [] }: ListedModel): boolean =>
      WEB_ADDRESS.read(url) !== undefined && fallback.every((other) => other !== name && names.has(other));
    return names.size === list.length + 1 && list.every(isRight) ? list : undefined;
  } catch {
    return undefined;
  }
}
