import {
  ANY_TEXT,
  type Environment,
  FLAG,
  type ServiceConfig,
  serviceConfig,
  type Variables,
  WEB_ADDRESS,
} from '@apollo/service-kit';

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

/** The environment of billing-stars. @throws ConfigurationError that names every variable at fault */
export function config(environment: Environment = process.env): BillingConfig {
  return serviceConfig('billing-stars', environment, (variables) =>
    isWanted(variables) ? { stripe: stripeConfig(variables) } : {},
  );
}

/** One of its secrets alone turns nothing on: the other was forgotten. */
function isWanted(variables: Variables): boolean {
  return variables.has('STRIPE_SECRET_KEY') || variables.has('STRIPE_WEBHOOK_SECRET');
}

function stripeConfig(variables: Variables): StripeConfig {
  return {
    secretKey: variables.required('STRIPE_SECRET_KEY', ANY_TEXT),
    webhookSecret: variables.required('STRIPE_WEBHOOK_SECRET', ANY_TEXT),
    apiUrl: variables.optional('STRIPE_API_URL', WEB_ADDRESS, 'https://api.stripe.com'),
    automaticTax: variables.optional('STRIPE_AUTOMATIC_TAX', FLAG, false),
    returnUrl: variables.required('PUBLIC_URL', WEB_ADDRESS),
  };
}
