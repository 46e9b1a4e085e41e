import { ConfirmTotp, EnrollTotp, type identityMessages as messages } from '@apollo/contracts';
import { Handles } from '@apollo/messaging';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { TotpService } from './totp.service.js';

@Controller()
export class TotpController {
  constructor(private readonly totp: TotpService) {}

  @Handles(EnrollTotp)
  enroll(@Payload() request: messages.EnrollTotpRequest): Promise<messages.TotpEnrollment> {
    return this.totp.enroll(request);
  }

  @Handles(ConfirmTotp)
  confirm(@Payload() request: messages.ConfirmTotpRequest): Promise<messages.TotpConfirmation> {
    return this.totp.confirm(request);
  }
}
