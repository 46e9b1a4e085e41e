import { ConfirmTotp, EnrollTotp, type identityMessages as messages } from '@apollo/contracts';
import { Handles, Prepares } from '@apollo/messaging';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { Proved } from '../sign-in/re.authentication.js';
import { TotpService } from './totp.service.js';

@Controller()
export class TotpController {
  constructor(private readonly totp: TotpService) {}

  @Prepares(EnrollTotp)
  prepareEnrollment(@Payload() request: messages.EnrollTotpRequest): Promise<Proved> {
    return this.totp.prepareEnrollment(request);
  }

  @Handles(EnrollTotp)
  enroll(@Payload() request: messages.EnrollTotpRequest, @Ctx() prepared: Proved): Promise<messages.TotpEnrollment> {
    return this.totp.enroll(request, prepared);
  }

  @Prepares(ConfirmTotp)
  prepareConfirmation(@Payload() request: messages.ConfirmTotpRequest): Promise<Proved> {
    return this.totp.prepareConfirmation(request);
  }

  @Handles(ConfirmTotp)
  confirm(
    @Payload() request: messages.ConfirmTotpRequest,
    @Ctx() prepared: Proved,
  ): Promise<messages.TotpConfirmation> {
    return this.totp.confirm(request, prepared);
  }
}
