import { createHash, randomBytes } from 'node:crypto';
import type { SecretBox } from './secret.box.js';

/** Bytes of randomness in every token: 256 bit, nothing to guess. */
const RANDOM_BYTES = 32;

/** A secret to hand out, and the only form of it that is stored. */
export interface NewToken {
  readonly token: string;
  readonly hash: string;
}

/** What is stored of a token. Tokens are random, so a plain hash keeps them as well as a slow one would. */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

/** A token that belongs to nobody yet. */
export function newToken(): NewToken {
  const token = randomBytes(RANDOM_BYTES).toString('base64url');
  return { token, hash: tokenHash(token) };
}

/**
 * A token of a person. It starts with the person's id, so it is looked up among that person's own rows and no directory
 * over all people's tokens exists. Half of what follows is random, the other half proves what it was made for: a row
 * that somebody smuggled in for a token of their own choice is worth nothing.
 *
 * @param use what it is for: the session that it refreshes, or a word
 */
export function newPersonToken(userId: string, use: string, box: SecretBox): NewToken {
  return personToken(userId, use, randomBytes(RANDOM_BYTES / 2), box);
}

/** The token that follows a token: always the same one, which nobody knows who has not the box's key. */
export function nextPersonToken(userId: string, use: string, token: string, box: SecretBox): NewToken {
  return personToken(userId, use, box.following(token).subarray(0, RANDOM_BYTES / 2), box);
}

/** Whether a token was made for this use of this person. */
export function isPersonTokenFor(token: string, userId: string, use: string, box: SecretBox): boolean {
  const random = Buffer.from(token, 'base64url').subarray(16, 16 + RANDOM_BYTES / 2);
  return personToken(userId, use, random, box).hash === tokenHash(token);
}

function personToken(userId: string, use: string, random: Buffer, box: SecretBox): NewToken {
  const proof = box.following(`${userId}|${use}|${random.toString('hex')}`).subarray(0, RANDOM_BYTES / 2);
  const id = Buffer.from(userId.replaceAll('-', ''), 'hex');
  const token = Buffer.concat([id, random, proof]).toString('base64url');
  return { token, hash: tokenHash(token) };
}

/** Whose token it claims to be, and the hash to look for; undefined when it has not the shape of one. */
export function openPersonToken(token: string): { userId: string; hash: string } | undefined {
  const bytes = Buffer.from(token, 'base64url');
  if (bytes.length !== 16 + RANDOM_BYTES || bytes.toString('base64url') !== token) return undefined;
  const hex = bytes.subarray(0, 16).toString('hex');
  return { userId: hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'), hash: tokenHash(token) };
}
