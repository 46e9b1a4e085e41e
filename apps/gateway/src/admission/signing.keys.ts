import { DomainError, GetSigningKeys, type identityMessages, serviceAway } from '@apollo/contracts';
import { type CryptoKey, importJWK } from 'jose';

/** Milliseconds after which keys are asked for again. */
const REFRESH_AFTER_MS = 60_000;
/** Milliseconds after which keys nobody confirmed are not believed any more. */
const DISTRUST_AFTER_MS = 600_000;
/** Shortest time between two questions, however many unknown keys are named. */
const ASK_AT_MOST_EVERY_MS = 1_000;

/** Asks identity for its public keys. */
export type AskForKeys = () => Promise<identityMessages.SigningKeys>;

/** Identity's public keys by their id, asked for over the bus and renewed when an unknown one is named. */
export class SigningKeys {
  private keys = new Map<string, CryptoKey | Uint8Array>();
  private confirmedAt = -Infinity;
  private askedAt = -Infinity;
  private asking: Promise<void> | undefined;

  constructor(
    private readonly ask: AskForKeys,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /**
   * The key with this id.
   *
   * @throws DomainError `unauthenticated` when identity does not know it, `service_unavailable` when nobody can tell
   */
  async find(kid: string): Promise<CryptoKey | Uint8Array> {
    const age = this.now() - this.confirmedAt;
    if (age > DISTRUST_AFTER_MS) this.keys.clear();
    const known = this.keys.get(kid);
    if (known) {
      if (age > REFRESH_AFTER_MS) void this.refresh().catch(() => undefined);
      return known;
    }
    await this.refresh();
    const found = this.keys.get(kid);
    if (!found) throw new DomainError('unauthenticated');
    return found;
  }

  /** Whether a token checked earlier against this key still counts. */
  stands(kid: string): boolean {
    const age = this.now() - this.confirmedAt;
    if (age > REFRESH_AFTER_MS) void this.refresh().catch(() => undefined);
    return age <= DISTRUST_AFTER_MS && this.keys.has(kid);
  }

  private refresh(): Promise<void> {
    if (this.asking) return this.asking;
    if (this.now() - this.askedAt < ASK_AT_MOST_EVERY_MS) {
      return this.keys.size > 0 ? Promise.resolve() : Promise.reject(serviceAway(GetSigningKeys.service));
    }
    this.askedAt = this.now();
    this.asking = this.load().finally(() => (this.asking = undefined));
    return this.asking;
  }

  private async load(): Promise<void> {
    const startedAt = this.now();
    const { keys } = await this.ask();
    const usable = keys.filter((key) => key.kty === 'OKP' && key.crv === 'Ed25519' && key.alg === 'EdDSA');
    this.keys = new Map(
      await Promise.all(
        usable.map(async ({ kty, crv, x, kid }) => [kid, await importJWK({ kty, crv, x }, 'EdDSA')] as const),
      ),
    );
    this.confirmedAt = startedAt;
  }
}
