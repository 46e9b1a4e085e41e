import { DomainError } from '@apollo/contracts';
import { currentTenant } from '@apollo/tenancy';
import { call, functionCall, TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';
import { asPlatform } from '../context/person.context.js';
import { isPersonTokenFor, tokenHash } from '../secrets/link.token.js';
import { SecretBox } from '../secrets/secret.box.js';

/** What the directory says of a session that has not ended. */
export interface OpenSessionRecord {
  readonly operator: boolean;
  /** Of the one refresh token that works now. */
  readonly token_hash: string;
  /** Since when it works. */
  readonly rotated_at: Date;
  readonly expires_at: Date;
  /** How often the person had been signed out everywhere when it began. */
  readonly sign_outs: number;
}

interface Standing {
  readonly id: string;
  readonly token: string;
  readonly now: Date;
  readonly expires: Date;
}

const mine = functionCall<Omit<OpenSessionRecord, 'sign_outs'>, { id: string }>(
  'my session',
  'select * from identity.my_session(:id)',
);
const mySignOuts = functionCall<Pick<OpenSessionRecord, 'sign_outs'>, { id: string }>(
  'my sign-outs',
  'select * from identity.my_sign_outs(:id)',
);
const signOutsOf = functionCall<Pick<OpenSessionRecord, 'sign_outs'>, { person: string }>(
  'sign-outs of person',
  'select * from identity.sign_outs_of(:person)',
);
const all = functionCall<{ session_id: string; token_hash: string }, object>(
  'my sessions',
  'select * from identity.my_sessions()',
);
const hold = functionCall<object, { person: string }>('hold person', 'select * from identity.hold_person(:person)');
const open = functionCall<{ opened: boolean }, Standing & { person: string; known: number }>(
  'open session',
  'select * from identity.open_session(:id, :person, :token, :now, :expires, :known::int)',
);
const renew = functionCall<object, Standing & { person: string }>(
  'renew session',
  'select * from identity.renew_session(:id, :person, :token, :now, :expires)',
);
const close = functionCall<{ session_id: string }, { ids: string[] | null; person: string }>(
  'close sessions',
  'select * from identity.close_sessions(:ids, :person)',
);
const closeOthers = functionCall<{ session_id: string }, { kept: string; person: string }>(
  'close other sessions',
  'select * from identity.close_other_sessions(:kept, :person)',
);

/**
 * Which sessions of the acting person have not ended, until when, and by which refresh token they go on. Their rows say
 * so too; but a row that has ended or was used can be written anew under the person's tag, and here nothing can.
 * Person.
 */
@Injectable()
export class SessionDirectory {
  constructor(
    private readonly database: TenantDatabase,
    private readonly box: SecretBox,
  ) {}

  async find(id: string): Promise<OpenSessionRecord | undefined> {
    const [[open], [counted]] = await this.database.batch([call(mine, { id }), call(mySignOuts, { id })]);
    return open && counted && { ...open, ...counted };
  }

  /** Has everything else that begins, goes on or ends sessions of the person wait for the end of the transaction. */
  async hold(): Promise<void> {
    const person = currentTenant().actor;
    await asPlatform(() => this.database.query(hold, { person }));
  }

  /**
   * The open session that a refresh token was made for, used or not: the token itself proves it, so that no row need
   * say so.
   *
   * @returns also the token's hash, and whether it is the session's current one
   */
  async ofToken(token: string): Promise<{ id: string; hash: string; current: boolean } | undefined> {
    const { actor } = currentTenant();
    const sessions = await this.database.query(all, {});
    const found = sessions.find(({ session_id }) => isPersonTokenFor(token, actor, session_id, this.box));
    const hash = tokenHash(token);
    return found && { id: found.session_id, hash, current: found.token_hash === hash };
  }

  /**
   * @param signOuts how often the person had been signed out everywhere when it was proved to be that person
   * @throws DomainError `invalid_credentials` where that happened once more since, as it does when a password is
   *   replaced
   */
  async open(session: Standing, signOuts: number): Promise<void> {
    const person = currentTenant().actor;
    const [row] = await asPlatform(() => this.database.query(open, { ...session, person, known: signOuts }));
    if (!row?.opened) throw new DomainError('invalid_credentials');
  }

  /** From now on the session goes on by another token. */
  async renew(session: Standing): Promise<void> {
    const person = currentTenant().actor;
    await asPlatform(() => this.database.query(renew, { ...session, person }));
  }

  /** Platform. How often a person was signed out everywhere; 0 for nobody. */
  async signOutsOf(person: string): Promise<number> {
    const [row] = await this.database.query(signOutsOf, { person });
    return row?.sign_outs ?? 0;
  }

  /** Ends sessions for good, all with null. @returns the ids of those that stood */
  async close(ids: readonly string[] | null): Promise<string[]> {
    const person = currentTenant().actor;
    const closed = await asPlatform(() => this.database.query(close, { ids: ids && [...ids], person }));
    return closed.map(({ session_id }) => session_id);
  }

  /** Ends all sessions but one for good, which counts as a sign-out everywhere before it began. @returns as `close` */
  async closeOthers(kept: string): Promise<string[]> {
    const person = currentTenant().actor;
    const closed = await asPlatform(() => this.database.query(closeOthers, { kept, person }));
    return closed.map(({ session_id }) => session_id);
  }
}
