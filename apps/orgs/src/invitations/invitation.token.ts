import { createHash, createHmac, type KeyObject, randomBytes, timingSafeEqual } from 'node:crypto';
import { derivedKey } from '@apollo/service-kit';
import type { InvitationRow } from './invitation.repository.js';

/** Bytes of randomness in a link: there is nothing to guess about them. */
const RANDOM_BYTES = 32;

/** What a link is made for, and good for nothing else. Ids are unique per organization only. */
export interface Invited extends Pick<InvitationRow, 'id' | 'email' | 'role'> {
  /** The organization's id. */
  readonly org: string;
}

/**
 * The secrets of mailed links. Each proves that this service mailed it, for one invitation of one organization to one
 * address with one role: whoever accepts it is believed to have read that mail, and gets an account for the address.
 * Rows alone prove nothing, since a statement that somebody smuggled in writes rows of its organization.
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
    return Buffer.concat([random, this.proof(random, told(invited))]).toString('base64url');
  }

  /**
   * Whether it was made for this invitation as it stands now.
   *
   * @param ofBefore whether it was mailed before the proofs of links named an organization
   */
  isFor(token: string, invited: Invited, ofBefore = false): boolean {
    const bytes = Buffer.from(token, 'base64url');
    const random = bytes.subarray(0, RANDOM_BYTES);
    const given = bytes.subarray(RANDOM_BYTES);
    const forms = ofBefore ? [told, toldBefore] : [told];
    return forms.some((form) => {
      const proof = this.proof(random, form(invited));
      return given.length === proof.length && timingSafeEqual(given, proof);
    });
  }

  private proof(random: Buffer, facts: readonly string[]): Buffer {
    return createHmac('sha256', this.key).update(random).update(JSON.stringify(facts)).digest();
  }
}

function told({ org, id, email, role }: Invited): string[] {
  return [org, id, email, role];
}

/**
 * What the release before proved in the links that it mailed. Whose such a link is, the directory says, for those that
 * were in it by then. Goes with the release after: a link works for seven days.
 */
function toldBefore({ id, email, role }: Invited): string[] {
  return [id, email, role];
}

/** What is stored of a link's secret. Without salt: there is nothing to guess about 256 random bits. */
export function invitationTokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
