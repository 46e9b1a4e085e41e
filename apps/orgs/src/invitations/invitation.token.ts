import { createHash, createHmac, type KeyObject, randomBytes, timingSafeEqual } from 'node:crypto';
import { derivedKey } from '@apollo/service-kit';
import type { InvitationRow } from './invitation.repository.js';

/** Bytes of randomness in a link: there is nothing to guess about them. */
const RANDOM_BYTES = 32;

/** What a link is made for, and good for nothing else. */
export type Invited = Pick<InvitationRow, 'id' | 'email' | 'role'>;

/**
 * The secrets of mailed links. Each proves that this service mailed it, for one invitation to one address with one
 * role: whoever accepts it is believed to have read that mail, and gets an account for the address. Rows alone prove
 * nothing, since a statement that somebody smuggled in writes rows of its organization.
 */
export class InvitationTokens {
  private readonly key: KeyObject;

  /** @param secretHex a secret of the service, 64 hex digits */
  constructor(secretHex: string) {
    this.key = derivedKey(secretHex, 'invitation');
  }

  /** A new one for an invitation. */
  make(invited: Invited): string {
    const random = randomBytes(RANDOM_BYTES);
    return Buffer.concat([random, this.proof(random, invited)]).toString('base64url');
  }

  /** Whether it was made for this invitation as it stands now. */
  isFor(token: string, invited: Invited): boolean {
    const bytes = Buffer.from(token, 'base64url');
    const proof = this.proof(bytes.subarray(0, RANDOM_BYTES), invited);
    const given = bytes.subarray(RANDOM_BYTES);
    return given.length === proof.length && timingSafeEqual(given, proof);
  }

  private proof(random: Buffer, { id, email, role }: Invited): Buffer {
    return createHmac('sha256', this.key)
      .update(random)
      .update(JSON.stringify([id, email, role]))
      .digest();
  }
}

/** What is stored of a link's secret. Without salt: there is nothing to guess about 256 random bits. */
export function invitationTokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
