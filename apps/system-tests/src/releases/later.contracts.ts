import {
  CATALOG,
  ChangeMemberRole,
  type Contract,
  DURABLE_EVENTS,
  event,
  type EventContract,
  MemberChangedEvent,
  Optional,
  ResolveAccess,
  SHOWN_EVENTS,
  Text,
  typeOf,
} from '@apollo/contracts';

const NOTE = { max: 200 };

/** What the event of the later release says. */
class NotedFacts {
  @Text(NOTE) note!: string;
}

/**
 * The event that only the later release knows: of a thing of which the release before tells too, and taken by the same
 * service.
 */
export const MemberNotedEvent = event({
  service: 'orgs',
  scope: 'org',
  method: 'member.noted',
  request: NotedFacts,
  consumers: MemberChangedEvent.consumers,
  delivery: 'durable',
  permission: 'members.read',
});

/** What has one more optional field, `note`: a request, its reply, a question of the gateway’s guard, and an event. */
const GROWN = [ChangeMemberRole.request, ChangeMemberRole.reply, ResolveAccess.reply, MemberChangedEvent.request];

/** Makes the contracts of this process those of the later release; before anything else has read them. */
export function growContracts(): void {
  for (const { prototype } of GROWN as readonly { readonly prototype: object }[]) {
    Text(NOTE)(prototype, 'note');
    Optional()(prototype, 'note');
  }
  (CATALOG as Map<string, Contract>).set(typeOf(MemberNotedEvent), MemberNotedEvent);
  (DURABLE_EVENTS as EventContract[]).push(MemberNotedEvent);
  (SHOWN_EVENTS as EventContract[]).push(MemberNotedEvent);
}
