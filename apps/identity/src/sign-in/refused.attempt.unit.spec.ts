import { DomainError } from '@apollo/contracts';
import { newId, runInTenantContext } from '@apollo/tenancy';
import { JustMadeAccount } from '../accounts/just.made.account.js';
import { ReAuthentication } from './re.authentication.js';
import { SignInService } from './sign.in.service.js';

describe('an attempt', () => {
  const address = '192.0.2.7';
  const full = {
    assertRoom: () => {
      throw new DomainError('rate_limited');
    },
  };
  const person = { name: 'Ada', created_at: new Date() };
  const accounts = { find: () => newId(), mine: () => ({ email: 'ada@example.com' }), person: () => person };
  const none = {} as never;
  const factors = { isSetUp: () => false } as never;
  const request = { email: 'ada@example.com', password: 'violet harbour 42 lamps', name: 'Ada', address };
  const clock = (): Date => new Date();

  it.each<[string, (throttle: never) => Promise<unknown>]>([
    [
      'to sign in',
      (throttle) => new SignInService(throttle, full as never, none, none).prove(request, () => undefined),
    ],
    [
      'to prove again who one is',
      (throttle) =>
        new ReAuthentication(
          { assertStands: () => Promise.resolve() } as never,
          throttle,
          full as never,
          factors,
          accounts as never,
        ).prove(request.password, address),
    ],
    [
      'to find the account one has just made',
      (throttle) => new JustMadeAccount(accounts as never, full as never, factors, throttle, clock).find(request),
    ],
  ])('%s counts for nothing where it is refused because too many wait', async (_, attempt) => {
    const counted: unknown[] = [];
    const take = (...what: unknown[]): object => {
      counted.push(what);
      return { ids: {} };
    };
    const context = { scope: 'platform', orgId: null, actor: newId(), role: 'none', requestId: 'r' } as const;
    const outcome = runInTenantContext(context, () => attempt({ take } as never));
    await expect(outcome).rejects.toMatchObject({ code: 'rate_limited' });
    expect(counted).toEqual([]);
  });
});
