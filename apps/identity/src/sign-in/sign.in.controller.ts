import { type Done, type identityMessages as messages, Login, Logout, Refresh } from '@apollo/contracts';
import { Handles } from '@apollo/messaging';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { RefreshService } from '../sessions/refresh.service.js';
import { TokenService } from './token.service.js';

@Controller()
export class SignInController {
  constructor(
    private readonly tokens: TokenService,
    private readonly refreshing: RefreshService,
  ) {}

  @Handles(Login)
  login(@Payload() request: messages.LoginRequest): Promise<messages.TokenPair> {
    return this.tokens.login(request);
  }

  @Handles(Refresh)
  refresh(@Payload() request: messages.RefreshRequest): Promise<messages.TokenPair> {
    return this.tokens.refresh(request);
  }

  @Handles(Logout)
  async logout(@Payload() request: messages.LogoutRequest): Promise<Done> {
    await this.refreshing.end(request);
    return { done: true };
  }
}
