import {
  CountSignOuts,
  CreateInvitedAccount,
  DescribePerson,
  type ErrorCode,
  type identityMessages,
  PurgeIdentity,
  type purgeMessages,
  typeOf,
} from '@apollo/contracts';
import { HEADER } from '@apollo/messaging';
import { newId } from '@apollo/tenancy';
import { testPeer, type TestPeer } from '@apollo/testing';

/** Who identity knows in these specs. */
export type KnownPerson = identityMessages.Person;

type Answer =
  | KnownPerson
  | identityMessages.SignOuts
  | purgeMessages.PurgeReceipt
  | { readonly code: ErrorCode; readonly detail: string };

/** Answers identity's requests for orgs over the real bus, under identity's own credentials. */
export class IdentityPeer {
  readonly people = new Map<string, KnownPerson>();
  /** How often people were signed out everywhere, where they were. */
  readonly signOuts = new Map<string, number>();
  /** Runs before an answer is given; a spec may look around or wait here. */
  onRequest: (type: string) => Promise<void> = async () => undefined;

  private constructor(private readonly peer: TestPeer) {}

  static async start(): Promise<IdentityPeer> {
    const identity = new IdentityPeer(await testPeer('identity'));
    identity.peer.connection.subscribe('rpc.*.identity.>', {
      queue: 'identity',
      callback: (_error, message) => {
        void identity
          .answer(message.headers?.get(HEADER.type) ?? '', message.json())
          .then((reply) => identity.peer.answer(message, reply));
      },
    });
    await identity.peer.connection.flush();
    return identity;
  }

  /** A person with an account. */
  person(name: string, mayCreateOrgs = true): KnownPerson {
    const person = {
      id: newId(),
      email: `${name}-${newId().slice(-12)}@Example.test`,
      name,
      may_create_orgs: mayCreateOrgs,
    };
    this.people.set(person.id, person);
    return person;
  }

  async stop(): Promise<void> {
    await this.peer.close();
  }

  private async answer(type: string, request: { id?: string; email?: string; name?: string }): Promise<Answer> {
    await this.onRequest(type);
    const byEmail = [...this.people.values()].find((person) => person.email === request.email);
    switch (type) {
      case typeOf(DescribePerson):
        return this.people.get(request.id ?? '') ?? { code: 'not_found', detail: 'No such object' };
      case typeOf(PurgeIdentity):
        return { tables: [], complete: true };
      case typeOf(CountSignOuts):
        return { sign_outs: this.signOuts.get(request.id ?? '') ?? 0 };
      case typeOf(CreateInvitedAccount): {
        if (byEmail) return { code: 'state_conflict', detail: 'There is an account.' };
        const person = { id: newId(), email: request.email ?? '', name: request.name ?? '', may_create_orgs: false };
        this.people.set(person.id, person);
        return person;
      }
      default:
        return { code: 'not_found', detail: 'No such object' };
    }
  }
}
