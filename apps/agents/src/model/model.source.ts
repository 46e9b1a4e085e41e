import type { LanguageModelV4 } from '@ai-sdk/provider';
import { OFFLINE_MODEL, offlineModel } from './offline/offline.provider.js';

/** Models by the names that personas call them by. */
export abstract class ModelSource {
  /** Undefined where there is none of the name. */
  abstract find(name: string): LanguageModelV4 | undefined;
}

/** What needs no key and no network. */
export class OfflineModels extends ModelSource {
  private readonly model = offlineModel();

  find(name: string): LanguageModelV4 | undefined {
    return name === OFFLINE_MODEL ? this.model : undefined;
  }
}
