import { createHash, randomBytes } from 'node:crypto';

/** A secret for a mailed link: 256 random bits. */
export function newInvitationToken(): string {
  return randomBytes(32).toString('base64url');
}

/** What is stored of a link's secret. Without salt: there is nothing to guess about 256 random bits. */
export function invitationTokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
