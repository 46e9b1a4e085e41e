import { type Clock, CLOCK } from '@apollo/tenancy';
import { Inject, Injectable } from '@nestjs/common';
import { SignJWT } from 'jose';
import { SigningKeyService } from '../signing-keys/signing.key.service.js';
import { ACCESS_TOKEN_LIFETIME_MS } from './session.rules.js';

/** What an access token says about its bearer. */
export interface AccessClaims {
  readonly userId: string;
  readonly sessionId: string;
  /** A second factor was given at sign-in. */
  readonly mfa: boolean;
  readonly operator: boolean;
}

/** Makes an access token; gives also the seconds until it expires. */
export type Issue = (claims: AccessClaims) => Promise<{ token: string; expiresIn: number }>;

/** Signs access tokens: EdDSA, for the gateway only. */
@Injectable()
export class AccessTokenIssuer {
  constructor(
    private readonly keys: SigningKeyService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Platform, outside of transactions: what signs by the key of this moment, anywhere. */
  async issuing(): Promise<Issue> {
    const { kid, key } = await this.keys.current();
    return async ({ userId, sessionId, mfa, operator }) => {
      const now = Math.floor(this.clock().getTime() / 1000);
      const expiresIn = ACCESS_TOKEN_LIFETIME_MS / 1000;
      const token = await new SignJWT({ sid: sessionId, mfa, operator })
        .setProtectedHeader({ alg: 'EdDSA', kid })
        .setIssuer('apollo-identity')
        .setAudience('apollo-gateway')
        .setSubject(userId)
        .setIssuedAt(now)
        .setExpirationTime(now + expiresIn)
        .sign(key);
      return { token, expiresIn };
    };
  }
}
