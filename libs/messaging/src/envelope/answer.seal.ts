import type { ServiceName } from '@apollo/contracts';
import type { Msg, MsgHdrs } from '@nats-io/nats-core';
import { LRUCache } from 'lru-cache';
import type { AnswerCipher } from './answer.key.js';
import { serviceOf } from './compact.jws.js';
import type { ContextTokenSigner, ContextTokenVerifier } from './context.token.js';
import { HEADER } from './envelope.codec.js';

/** Tells what names the key of answers from tokens, grants and events' signatures: one key signs them all. */
const TYPE = 'answer+jwt';
/** Between the name of the key and what an answer is opened with. */
const BETWEEN = '~';
/** What an answer says besides its body: anybody may read it, and nobody change it. */
const SAID = [HEADER.status, HEADER.etag, HEADER.live];
/** Processes whose keys are remembered. */
const REMEMBERED = 1_000;

/** What is answered, before it has its seal. */
export interface UnsealedAnswer {
  readonly fields: MsgHdrs;
  readonly body: string | Uint8Array;
}

/**
 * Seals what one service answers, for whoever asked alone: hidden under a key that both processes agree on. The asker's
 * half comes signed with the question, the answerer's half signed with the seal; so the credential of the bus, by which
 * a stranger could join those who answer or listen where the answers arrive, is not enough to be believed or to read.
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
   * Adds the seal to the fields of what is answered.
   *
   * @param asker the key that the question named; none in one of the release before, whose asker looks for no seal
   * @param to the id of the request; of a watch, that of the watch
   * @returns the body as it is sent
   */
  seal(asker: string | undefined, to: string, { fields, body }: UnsealedAnswer): string | Uint8Array {
    const cipher = asker === undefined ? undefined : this.signer.answerKey.sharedWith(asker);
    if (!cipher) return body;
    const sealed = cipher.seal(saidBeside(this.service, to, fields), body);
    fields.set(HEADER.seal, `${this.statement}${BETWEEN}${sealed.mark.toString('base64url')}`);
    return sealed.body;
  }
}

/** Opens what other services answer to this process. */
export class AnswerReader {
  /** By their statements, the keys of processes that answered. */
  private readonly known = new LRUCache<string, { readonly service: string; readonly cipher: AnswerCipher }>({
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
   * The body of what `service`, and nobody else, answered to this process; undefined where it answered nothing such.
   *
   * @param to as of `AnswerSealer.seal`
   */
  open(service: ServiceName, to: string, answer: Pick<Msg, 'headers' | 'data'>): Uint8Array | undefined {
    const { headers: fields, data: body } = answer;
    const seal = fields?.get(HEADER.seal);
    if (!fields || !seal) return this.acceptsUnsealed ? body : undefined;
    const end = seal.lastIndexOf(BETWEEN);
    const answerer = this.answererOf(seal.slice(0, end));
    if (answerer?.service !== service) return undefined;
    const mark = Buffer.from(seal.slice(end + 1), 'base64url');
    return answerer.cipher.open(saidBeside(service, to, fields), { mark, body });
  }

  private answererOf(statement: string) {
    const known = this.known.get(statement);
    if (known) return known;
    try {
      const { kid, claims } = this.verifier.openAs(TYPE, statement);
      const service = serviceOf(kid);
      if (claims['iss'] !== service) return undefined;
      const cipher = this.signer.answerKey.sharedWith(String(claims['key']));
      if (!cipher) return undefined;
      const answerer = { service, cipher };
      this.known.set(statement, answerer);
      return answerer;
    } catch {
      return undefined;
    }
  }
}

/** There is one text for each answer. */
function saidBeside(service: string, to: string, fields: MsgHdrs): string {
  return JSON.stringify([service, to, ...SAID.map((name) => fields.get(name))]);
}
