import { type Environment, type ServiceConfig, serviceConfig } from '@apollo/service-kit';

/** The environment of the agents service. @throws ConfigurationError that names every variable at fault */
export function config(environment: Environment = process.env): ServiceConfig {
  return serviceConfig('agents', environment);
}
