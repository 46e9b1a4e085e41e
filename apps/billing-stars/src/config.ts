import { ConfigurationError, optional, required, type ServiceConfig, serviceConfig } from '@apollo/service-kit';

/** How to speak with Stripe. */
export interface StripeConfig {
  readonly secretKey: string;
  /** What its messages are signed with. */
  readonly webhookSecret: string;
  readonly apiUrl: string;
  /** Where a payer comes back to, without a slash at the end. */
  readonly returnUrl: string;
  /**
   * Whether Stripe works out taxes, which come on top of our prices; its account must be set up for that. Default
   * false.
   */
  readonly automaticTax?: boolean;
}

/** What billing-stars needs to know besides what every service does. */
export interface BillingConfig extends ServiceConfig {
  /** Absent: payments are confirmed by operators. */
  readonly stripe?: StripeConfig;
}

/** The environment of billing-stars. @throws ConfigurationError naming the variable at fault */
export function config(): BillingConfig {
  const secretKey = optional('STRIPE_SECRET_KEY', '');
  if (!secretKey) return serviceConfig();
  const address = (name: string, value: string): string => {
    if (!URL.canParse(value)) throw new ConfigurationError(`${name} is not an address`);
    return value.replace(/(?<!\/)\/+$/, '');
  };
  const flag = (name: string): boolean => {
    const value = optional(name, 'false');
    if (value !== 'true' && value !== 'false') throw new ConfigurationError(`${name} is neither true nor false`);
    return value === 'true';
  };
  return {
    ...serviceConfig(),
    stripe: {
      secretKey,
      webhookSecret: required('STRIPE_WEBHOOK_SECRET'),
      apiUrl: address('STRIPE_API_URL', optional('STRIPE_API_URL', 'https://api.stripe.com')),
      automaticTax: flag('STRIPE_AUTOMATIC_TAX'),
      returnUrl: address('PUBLIC_URL', required('PUBLIC_URL')),
    },
  };
}
