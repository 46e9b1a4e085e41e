import { type ServiceConfig, serviceConfig } from '@apollo/service-kit';

/** The environment of the agents service. @throws ConfigurationError naming the variable at fault */
export function config(): ServiceConfig {
  return serviceConfig();
}
