import type { LanguageModelV4 } from '@ai-sdk/provider';
import { endpointModel } from './endpoint.adapter.js';
import type { ListedModel } from './model.list.js';
import { OFFLINE_MODEL, offlineModel } from './offline/offline.provider.js';

/** Models by the names that personas call them by. */
export abstract class ModelSource {
  /** In the order in which they are shown. */
  abstract readonly names: readonly string[];
  /** Undefined where there is none of the name. */
  abstract find(name: string): Promise<LanguageModelV4 | undefined>;
  /** Names of models that are asked instead of one that cannot answer, in their order. */
  abstract others(name: string): readonly string[];
}

/** The models of the operator's list, and the one that needs no key and no network. */
export class PlatformModels extends ModelSource {
  private readonly offline = offlineModel();
  private readonly listed: ReadonlyMap<string, ListedModel>;
  /** Loaded with their first use. */
  private readonly loaded = new Map<string, Promise<LanguageModelV4>>();

  constructor(list: readonly ListedModel[] = []) {
    super();
    this.listed = new Map(list.map((model) => [model.name, model]));
  }

  get names(): readonly string[] {
    return [...this.listed.keys(), OFFLINE_MODEL];
  }

  find(name: string): Promise<LanguageModelV4 | undefined> {
    const listed = this.listed.get(name);
    if (!listed) return Promise.resolve(name === OFFLINE_MODEL ? this.offline : undefined);
    const loaded = this.loaded.get(name) ?? endpointModel(endpointOf(listed));
    this.loaded.set(name, loaded);
    return loaded;
  }

  others(name: string): readonly string[] {
    return this.listed.get(name)?.fallback ?? [];
  }
}

function endpointOf({ url, model, key }: ListedModel) {
  return { baseUrl: url, modelId: model, ...(key !== undefined && { key }), fetch: globalThis.fetch };
}
