import type { ServiceName } from '@apollo/contracts';
import type { JWK } from 'jose';
import { AnswerReader, AnswerSealer } from './answer.seal.js';
import { ContextTokenSigner, ContextTokenVerifier } from './context.token.js';
import { EnvelopeReader } from './envelope.codec.js';

/** The keys of a process, as its configuration has them. */
export interface MessageKeysOptions {
  /** Private Ed25519 key of the service. */
  readonly signingKey: JWK;
  /** Public Ed25519 keys of every service; see `publicKeysOf`. */
  readonly publicKeys: readonly JWK[];
  /** See `AnswerReader`. */
  readonly acceptsUnsealed?: boolean;
}

/** What one process writes and believes messages with. */
export class MessageKeys {
  readonly signer: ContextTokenSigner;
  readonly verifier: ContextTokenVerifier;
  readonly reader: EnvelopeReader;
  readonly sealer: AnswerSealer;
  readonly answers: AnswerReader;

  constructor(service: ServiceName, { signingKey, publicKeys, acceptsUnsealed }: MessageKeysOptions) {
    this.signer = new ContextTokenSigner(service, signingKey);
    this.verifier = new ContextTokenVerifier(service, publicKeys);
    this.reader = new EnvelopeReader(this.verifier);
    this.sealer = new AnswerSealer(service, this.signer);
    this.answers = new AnswerReader(this.signer, this.verifier, acceptsUnsealed);
  }
}
