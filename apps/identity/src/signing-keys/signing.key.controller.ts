import { GetSigningKeys, type identityMessages as messages } from '@apollo/contracts';
import { Handles } from '@apollo/messaging';
import { Controller } from '@nestjs/common';
import { SigningKeyService } from './signing.key.service.js';

@Controller()
export class SigningKeyController {
  constructor(private readonly keys: SigningKeyService) {}

  @Handles(GetSigningKeys)
  published(): Promise<messages.SigningKeys> {
    return this.keys.published();
  }
}
