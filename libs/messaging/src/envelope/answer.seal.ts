import { timingSafeEqual } from 'node:crypto';
import type { ServiceName } from '@apollo/contracts';
import type { Msg, MsgHdrs } from '@nats-io/nats-core';
import { LRUCache } from 'lru-cache';
import type { AnswerCode } from './answer.key.js';
import { serviceOf } from './compact.jws.js';
import type { ContextTokenSigner, ContextTokenVerifier } from './context.token.js';
import { HEADER } from './envelope.codec.js';

/** Tells what names the key of answers from tokens, grants and events' signatures: one key signs them all. */
const TYPE = 'answer+jwt';
/** Between the name of the key and the code. */
const BETWEEN = '~';
const BYTES = 32;
/** What an answer says besides its body. */
const SAID = [HEADER.status, HEADER.etag, HEADER.live];
/** Processes whose keys are remembered. */
const REMEMBERED = 1_000;

/** What is answered, before it has its seal. */
export interface UnsealedAnswer {
  readonly fields: MsgHdrs;
  readonly body: string | Uint8Array;
}

/**
 * Seals what one service answers, for whoever asked alone: by a code under a key that both processes agree on. The
 * asker's half comes signed with the question, the answerer's half signed with the seal; so the credential of the bus,
 * by which a stranger could join those who answer, is not enough to be believed.
 */
export class AnswerSealer {
  private readonly statement: string;

  constructor(
    private readonly service: ServiceName,
    private readonly signer: ContextTokenSigner,
  ) {
    this.statement = signer.signAs(TYPE, { iss: service, key: signer.answerKey.text });
  }

  /**
   * Adds the seal to what is answered.
   *
   * @param asker the key that the question named; none in one of the release before, whose asker looks for no seal
   * @param to the id of the request; of a watch, that of the watch
   */
  seal(asker: string | undefined, to: string, { fields, body }: UnsealedAnswer): void {
    const shared = asker === undefined ? undefined : this.signer.answerKey.sharedWith(asker);
    if (!shared) return;
    const code = codeOf(shared, this.service, to, fields, body);
    fields.set(HEADER.seal, `${this.statement}${BETWEEN}${code.toString('base64url')}`);
  }
}

/** Verifies what other services answer to this process. */
export class AnswerVerifier {
  /** By their statements, the keys of processes that answered. */
  private readonly known = new LRUCache<string, { readonly service: string; readonly shared: AnswerCode }>({
    max: REMEMBERED,
  });

  /**
   * @param acceptsUnsealed whether an answer without a seal is believed: of a service of the release before, for as
   *   long as one runs
   */
  constructor(
    private readonly signer: ContextTokenSigner,
    private readonly verifier: ContextTokenVerifier,
    private readonly acceptsUnsealed = false,
  ) {}

  /**
   * Whether `service` answered exactly this, to this process.
   *
   * @param to as of `AnswerSealer.seal`
   */
  isAnswerOf(service: ServiceName, to: string, { headers: fields, data }: Pick<Msg, 'headers' | 'data'>): boolean {
    const seal = fields?.get(HEADER.seal);
    if (!fields || !seal) return this.acceptsUnsealed;
    const end = seal.lastIndexOf(BETWEEN);
    const answerer = this.answererOf(seal.slice(0, end));
    if (answerer?.service !== service) return false;
    const code = Buffer.from(seal.slice(end + 1), 'base64url');
    return code.length === BYTES && timingSafeEqual(code, codeOf(answerer.shared, service, to, fields, data));
  }

  private answererOf(statement: string) {
    const known = this.known.get(statement);
    if (known) return known;
    try {
      const { kid, claims } = this.verifier.openAs(TYPE, statement);
      const service = serviceOf(kid);
      if (claims['iss'] !== service) return undefined;
      const shared = this.signer.answerKey.sharedWith(String(claims['key']));
      if (!shared) return undefined;
      const answerer = { service, shared };
      this.known.set(statement, answerer);
      return answerer;
    } catch {
      return undefined;
    }
  }
}

/** There is one text for an answer: what is encoded holds no line break. */
function codeOf(shared: AnswerCode, service: string, to: string, fields: MsgHdrs, body: string | Uint8Array): Buffer {
  const said = [service, to, ...SAID.map((name) => fields.get(name))];
  return shared.of(`${JSON.stringify(said)}\n`, body);
}
