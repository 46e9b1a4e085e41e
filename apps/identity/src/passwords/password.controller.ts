import { type Done, ForgotPassword, type identityMessages as messages, ResetPassword } from '@apollo/contracts';
import { Handles, Prepares } from '@apollo/messaging';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { PasswordForgottenService } from './password.forgotten.service.js';
import { PasswordResetService, type PreparedReset } from './password.reset.service.js';

@Controller()
export class PasswordController {
  constructor(
    private readonly forgotten: PasswordForgottenService,
    private readonly resetting: PasswordResetService,
  ) {}

  @Handles(ForgotPassword)
  async forgot(@Payload() request: messages.ForgotPasswordRequest): Promise<Done> {
    await this.forgotten.request(request);
    return { done: true };
  }

  @Prepares(ResetPassword)
  prepareReset(@Payload() request: messages.ResetPasswordRequest): Promise<PreparedReset> {
    return this.resetting.prepare(request);
  }

  @Handles(ResetPassword)
  async reset(@Payload() request: messages.ResetPasswordRequest, @Ctx() prepared: PreparedReset): Promise<Done> {
    await this.resetting.reset(request, prepared);
    return { done: true };
  }
}
