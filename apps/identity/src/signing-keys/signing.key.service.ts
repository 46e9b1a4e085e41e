import { describe, LOGGER, type Logger } from '@apollo/service-kit';
import type { identityMessages } from '@apollo/contracts';
import { Poller } from '@apollo/messaging';
import { type Clock, CLOCK, later, newId } from '@apollo/tenancy';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';
import { unasked } from '../context/person.context.js';
import { SecretBox } from '../secrets/secret.box.js';
import { SigningKeyRepository, type StoredKey } from './signing.key.repository.js';
import { nextKey, publishedKeys, signingKeyAt } from './signing.key.rules.js';

/** How often an idle instance looks whether a new key is due. */
const CHECK_EVERY_MS = 3_600_000;
/** How long an instance relies on what it last read. */
const KNOWN_FOR_MS = 60_000;

/** The keys of access tokens: makes, rotates, publishes them. Their private parts are sealed wherever they rest. */
@Injectable()
export class SigningKeyService implements OnModuleInit, OnModuleDestroy {
  private known: { readonly keys: readonly StoredKey[]; readonly until: Date } | undefined;
  private readonly opened = new Map<string, Promise<CryptoKey | Uint8Array>>();
  private readonly looking = new Poller(
    CHECK_EVERY_MS,
    () => unasked(() => this.keys()),
    (error) => this.logger.error({ error: describe(error) }, 'signing keys not checked'),
  );

  constructor(
    private readonly repository: SigningKeyRepository,
    private readonly box: SecretBox,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async onModuleInit(): Promise<void> {
    await unasked(() => this.keys());
    this.looking.startLater();
  }

  onModuleDestroy(): Promise<void> {
    return this.looking.stop();
  }

  /** Platform. The key that signs now. */
  async current(): Promise<{ kid: string; key: CryptoKey | Uint8Array }> {
    const stored = signingKeyAt(await this.keys(), this.clock());
    if (!stored) throw new Error('no signing key has begun to sign');
    const opened =
      this.opened.get(stored.id) ??
      importJWK(JSON.parse(this.box.open(stored.sealedPrivate, placeOf(stored.id))) as JWK, 'EdDSA');
    this.opened.set(stored.id, opened);
    return { kid: stored.id, key: await opened };
  }

  /** Platform. Public parts of every key a valid token may be signed with. */
  async published(): Promise<identityMessages.SigningKeys> {
    const keys = publishedKeys(await this.keys(), this.clock());
    return {
      keys: keys.map(({ id, publicX }) => ({
        kty: 'OKP',
        crv: 'Ed25519',
        x: publicX,
        kid: id,
        alg: 'EdDSA',
        use: 'sig',
      })),
    };
  }

  private async keys(): Promise<readonly StoredKey[]> {
    const now = this.clock();
    if (this.known && this.known.until > now) return this.known.keys;
    let keys = await this.repository.all();
    const next = nextKey(keys, now);
    if (next) {
      await this.repository.add({ ...next, ...(await this.newKey()) }, now);
      keys = await this.repository.all();
      this.logger.info({ generation: next.generation }, 'signing key made');
    }
    const published = new Set(publishedKeys(keys, now));
    const outlived = keys.filter((key) => !published.has(key));
    if (outlived.length > 0) await this.repository.drop(outlived.map(({ id }) => id));
    this.known = { keys: [...published], until: later(now, KNOWN_FOR_MS) };
    return this.known.keys;
  }

  private async newKey(): Promise<Pick<StoredKey, 'id' | 'publicX' | 'sealedPrivate'>> {
    const id = newId();
    const { privateKey } = await generateKeyPair('EdDSA', { extractable: true });
    const jwk = await exportJWK(privateKey);
    return { id, publicX: String(jwk.x), sealedPrivate: this.box.seal(JSON.stringify(jwk), placeOf(id)) };
  }
}

function placeOf(id: string): string {
  return `signing-key:${id}`;
}
