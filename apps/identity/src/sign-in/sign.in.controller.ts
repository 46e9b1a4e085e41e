import { type Done, type identityMessages as messages, Login, Logout, Refresh } from '@apollo/contracts';
import { Handles, Prepares } from '@apollo/messaging';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { RefreshService } from '../sessions/refresh.service.js';
import { type PreparedSignIn, TokenService } from './token.service.js';

@Controller()
export class SignInController {
  constructor(
    private readonly tokens: TokenService,
    private readonly refreshing: RefreshService,
  ) {}

  @Prepares(Login)
  prepareLogin(@Payload() request: messages.LoginRequest): Promise<PreparedSignIn> {
    return this.tokens.prepareLogin(request);
  }

  @Handles(Login)
  login(@Payload() request: messages.LoginRequest, @Ctx() prepared: PreparedSignIn): Promise<messages.TokenPair> {
    return this.tokens.login(request, prepared);
  }

  // What a reuse ends is committed before it is refused, so the transaction of the answer comes after.
  @Prepares(Refresh)
  rotate(@Payload() request: messages.RefreshRequest): Promise<messages.TokenPair> {
    return this.tokens.refresh(request);
  }

  @Handles(Refresh)
  refresh(@Payload() _request: messages.RefreshRequest, @Ctx() pair: messages.TokenPair): messages.TokenPair {
    return pair;
  }

  @Handles(Logout)
  async logout(@Payload() request: messages.LogoutRequest): Promise<Done> {
    await this.refreshing.end(request);
    return { done: true };
  }
}
