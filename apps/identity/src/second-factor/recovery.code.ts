import { randomBytes } from 'node:crypto';
import type { SecretBox } from '../secrets/secret.box.js';
import { bareCode } from './totp.rules.js';

const HOW_MANY = 10;
/** 32 letters and digits that nobody mistakes for each other. */
const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const LENGTH = 16;

/** Ten fresh recovery codes of 80 random bits, in groups of four. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: HOW_MANY }, () => {
    const letters = Array.from(randomBytes(LENGTH), (byte) => ALPHABET[byte % ALPHABET.length]).join('');
    return letters.replace(/(.{4})(?=.)/g, '$1-');
  });
}

/** What is stored of a person's recovery code, however it was typed: nobody can make it who has not the box's key. */
export function recoveryCodeHash(userId: string, code: string, box: SecretBox): string {
  return box.following(`recovery code|${userId}|${bareCode(code).toUpperCase()}`).toString('base64url');
}
