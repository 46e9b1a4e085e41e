import type { SecretBox } from '../secrets/secret.box.js';

/** A TOTP secret as its row holds it. */
export interface SealedFactor {
  readonly id: string;
  readonly sealed_secret: string;
}

/** Seals a TOTP secret for one factor of one person: in anybody else's row it is worth nothing. */
export function sealFactor(userId: string, factorId: string, secret: string, box: SecretBox): string {
  return box.seal(secret, placeOf(userId, factorId));
}

/** The secret, or undefined where it was not sealed for this factor of this person. */
export function openFactor(userId: string, { id, sealed_secret }: SealedFactor, box: SecretBox): string | undefined {
  return opened(sealed_secret, placeOf(userId, id), box);
}

/**
 * As `openFactor`, of a secret that was sealed before seals named a person. Only for the factor that the directory
 * names as this person's own.
 */
export function openFactorOfBefore({ id, sealed_secret }: SealedFactor, box: SecretBox): string | undefined {
  return opened(sealed_secret, `totp:${id}`, box);
}

function placeOf(userId: string, factorId: string): string {
  return `totp:${userId}:${factorId}`;
}

function opened(sealed: string, place: string, box: SecretBox): string | undefined {
  try {
    return box.open(sealed, place);
  } catch {
    return undefined;
  }
}
