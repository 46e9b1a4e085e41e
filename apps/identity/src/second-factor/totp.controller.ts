import { ConfirmTotp, EnrollTotp, type identityMessages as messages } from '@apollo/contracts';
import { Handles, Prepares } from '@apollo/messaging';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { type PreparedEnrollment, TotpService } from './totp.service.js';

@Controller()
export class TotpController {
  constructor(private readonly totp: TotpService) {}

  @Prepares(EnrollTotp)
  prepareEnrollment(@Payload() request: messages.EnrollTotpRequest): Promise<PreparedEnrollment> {
    return this.totp.prepareEnrollment(request);
  }

  @Handles(EnrollTotp)
  enroll(
    @Payload() request: messages.EnrollTotpRequest,
    @Ctx() prepared: PreparedEnrollment,
  ): Promise<messages.TotpEnrollment> {
    return this.totp.enroll(request, prepared);
  }

  @Handles(ConfirmTotp)
  confirm(@Payload() request: messages.ConfirmTotpRequest): Promise<messages.TotpConfirmation> {
    return this.totp.confirm(request);
  }
}
