import { type Done, ForgotPassword, type identityMessages as messages, ResetPassword } from '@apollo/contracts';
import { Handles } from '@apollo/messaging';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { PasswordForgottenService } from './password.forgotten.service.js';
import { PasswordResetService } from './password.reset.service.js';

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

  @Handles(ResetPassword)
  async reset(@Payload() request: messages.ResetPasswordRequest): Promise<Done> {
    await this.resetting.reset(request);
    return { done: true };
  }
}
