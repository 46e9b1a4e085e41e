import type { DynamicModule } from '@nestjs/common';
import { ModelSource } from './model.source.js';

/** The models that personas may have. */
export class ModelsModule {
  /** Of one source, for the whole service. */
  static of(source: ModelSource): DynamicModule {
    return {
      module: ModelsModule,
      global: true,
      providers: [{ provide: ModelSource, useValue: source }],
      exports: [ModelSource],
    };
  }
}
