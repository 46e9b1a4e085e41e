import { DomainError, type identityMessages } from '@apollo/contracts';
import { Injectable } from '@nestjs/common';
import { AccountRepository } from '../accounts/account.repository.js';
import { AccessTokenIssuer } from '../sessions/access.token.issuer.js';
import { RefreshService } from '../sessions/refresh.service.js';
import type { OpenSession } from '../sessions/session.start.js';
import { SignInFailures } from './sign.in.failures.js';
import { SignInService } from './sign.in.service.js';

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

  async login(request: identityMessages.LoginRequest): Promise<identityMessages.TokenPair> {
    return this.pair(await this.signIn.signIn(request, (userId) => this.failures.record(userId, request.address)));
  }

  async refresh(request: identityMessages.RefreshRequest): Promise<identityMessages.TokenPair> {
    return this.pair(await this.refreshing.rotate(request));
  }

  private async pair({ refreshToken, ...session }: OpenSession): Promise<identityMessages.TokenPair> {
    const account = await this.accounts.describe(session.userId);
    if (!account) throw new DomainError('invalid_credentials');
    const { token, expiresIn } = await this.issuer.issue({ ...session, operator: account.operator });
    return { access_token: token, refresh_token: refreshToken, token_type: 'Bearer', expires_in: expiresIn };
  }
}
