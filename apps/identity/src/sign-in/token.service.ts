import { AsyncResource } from 'node:async_hooks';
import { DomainError, type identityMessages } from '@apollo/contracts';
import { Injectable } from '@nestjs/common';
import { AccountRepository } from '../accounts/account.repository.js';
import { AccessTokenIssuer } from '../sessions/access.token.issuer.js';
import { RefreshService } from '../sessions/refresh.service.js';
import type { OpenSession } from '../sessions/session.start.js';
import { SignInFailures } from './sign.in.failures.js';
import { type Failed, type ProvenPassword, SignInService } from './sign.in.service.js';

/** Somebody whose password was right, and what makes a pair of tokens for a session of theirs. */
export interface PreparedSignIn extends ProvenPassword {
  readonly pair: (session: OpenSession) => Promise<identityMessages.TokenPair>;
}

/** Pairs of tokens, at sign-in and at refresh. Platform. */
@Injectable()
export class TokenService {
  constructor(
    private readonly signIn: SignInService,
    private readonly refreshing: RefreshService,
    private readonly accounts: AccountRepository,
    private readonly issuer: AccessTokenIssuer,
    private readonly failures: SignInFailures,
  ) {}

  /** Outside of transactions. @throws DomainError as `SignInService.prove` */
  async prepareLogin(request: identityMessages.LoginRequest): Promise<PreparedSignIn> {
    // Bound here: the transaction in which a code turns out to be wrong is over by then.
    const failed = AsyncResource.bind((...[userId, attemptId]: Parameters<Failed>) =>
      this.failures.record(userId, attemptId, request.address),
    );
    const proven = await this.signIn.prove(request, failed);
    return { ...proven, pair: await this.pairing(proven.userId) };
  }

  /** @throws DomainError as `SignInService.begin` */
  async login(
    request: identityMessages.LoginRequest,
    { pair, ...proven }: PreparedSignIn,
  ): Promise<identityMessages.TokenPair> {
    return pair(await this.signIn.begin(request, proven));
  }

  /** Outside of transactions. */
  async refresh(request: identityMessages.RefreshRequest): Promise<identityMessages.TokenPair> {
    const session = await this.refreshing.rotate(request);
    const pair = await this.pairing(session.userId);
    return pair(session);
  }

  private async pairing(userId: string): Promise<PreparedSignIn['pair']> {
    const account = await this.accounts.describe(userId);
    if (!account) throw new DomainError('invalid_credentials');
    const issue = await this.issuer.issuing();
    return async ({ refreshToken, ...session }) => {
      const { token, expiresIn } = await issue({ ...session, operator: account.operator });
      return { access_token: token, refresh_token: refreshToken, token_type: 'Bearer', expires_in: expiresIn };
    };
  }
}
