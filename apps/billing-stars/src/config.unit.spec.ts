import { config } from './config.js';

describe('payments through Stripe', () => {
  /** What is wrong with Stripe's variables, of an environment that has no others. */
  const said = (environment: Record<string, string>): string[] => {
    try {
      config(environment);
      return [];
    } catch (error) {
      const problems = (error as Error).message.split('; ').map((each) => each.replace(/: it must be .+$/, ''));
      return problems.filter((each) => /STRIPE|PUBLIC_URL/.test(each));
    }
  };
  const whole = { STRIPE_SECRET_KEY: 'sk', STRIPE_WEBHOOK_SECRET: 'wh', PUBLIC_URL: 'https://apollo.example' };

  it('are on where all of it is set, and off where nothing is', () => {
    expect([said({}), said(whole), said({ PUBLIC_URL: 'https://apollo.example' })]).toEqual([[], [], []]);
  });

  it('are refused where a part of it was forgotten, or is wrong', () => {
    expect(said({ STRIPE_SECRET_KEY: 'sk' })).toEqual(['STRIPE_WEBHOOK_SECRET is not set', 'PUBLIC_URL is not set']);
    expect(said({ STRIPE_WEBHOOK_SECRET: 'wh' })).toEqual(['STRIPE_SECRET_KEY is not set', 'PUBLIC_URL is not set']);
    expect(said({ ...whole, STRIPE_API_URL: 'foo', STRIPE_AUTOMATIC_TAX: 'yes', PUBLIC_URL: 'foo' })).toEqual([
      'STRIPE_API_URL is wrong',
      'STRIPE_AUTOMATIC_TAX is wrong',
      'PUBLIC_URL is wrong',
    ]);
  });
});
