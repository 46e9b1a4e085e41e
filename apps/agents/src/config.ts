import { type Environment, type ServiceConfig, serviceConfig } from '@apollo/service-kit';
import { MODELS_FILE, type ListedModel } from './model/model.list.js';

/** What the agents service needs to know. */
export interface AgentsConfig extends ServiceConfig {
  /** Models that personas may have besides the offline one. */
  readonly models: readonly ListedModel[];
}

/** The environment of the agents service. @throws ConfigurationError that names every variable at fault */
export function config(environment: Environment = process.env): AgentsConfig {
  return serviceConfig('agents', environment, (variables) => ({
    models: variables.optional('MODELS_FILE', MODELS_FILE, []),
  }));
}
