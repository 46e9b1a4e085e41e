import { type ServiceConfig, serviceConfig } from '@apollo/service-kit';

/** The environment of billing-stars. @throws ConfigurationError naming the variable at fault */
export function config(): ServiceConfig {
  return serviceConfig();
}
