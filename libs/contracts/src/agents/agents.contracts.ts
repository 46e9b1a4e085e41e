import { command, event, query, watch } from '../message/contract.js';
import { entityEvents, eventHeads, orgEvents } from '../message/history.contracts.js';
import type { Permission } from '../message/permissions.js';
import { purgeOrganization } from '../message/purge.contracts.js';
import { Done, Empty, Page } from '../message/shared.messages.js';
import { AuditLog, AuditLogRequest } from '../orgs/orgs.messages.js';
import * as m from './agents.messages.js';
import { TOOLS } from './tool.catalog.js';

export * from './document.contracts.js';

const within = (permission: Permission) =>
  ({ service: 'agents', scope: 'org', callers: ['gateway'], permission }) as const;

/** In the order in which they were made, without their instructions. */
export const ListPersonas = query({
  ...within('personas.read'),
  method: 'list-personas',
  request: Page,
  reply: m.PersonaList,
});
export const GetPersona = query({
  ...within('personas.read'),
  method: 'get-persona',
  request: m.PersonaRequest,
  reply: m.Persona,
});
export const CreatePersona = command({
  ...within('personas.configure'),
  method: 'create-persona',
  request: m.CreatePersonaRequest,
  reply: m.Persona,
});
/** Makes a new version of it; none where nothing changes. */
export const UpdatePersona = command({
  ...within('personas.configure'),
  method: 'update-persona',
  request: m.UpdatePersonaRequest,
  reply: m.Persona,
});
/** Puts a persona out of use; its versions and its memory stay. */
export const ArchivePersona = command({
  ...within('personas.configure'),
  method: 'archive-persona',
  request: m.VersionedPersonaRequest,
  reply: m.Persona,
});
export const RestorePersona = command({
  ...within('personas.configure'),
  method: 'restore-persona',
  request: m.VersionedPersonaRequest,
  reply: m.Persona,
});
/** Newest first; twenty a page at most. */
export const ListPersonaVersions = query({
  ...within('personas.read'),
  method: 'list-persona-versions',
  request: m.ListPersonaVersionsRequest,
  reply: m.PersonaVersionList,
});

/** What the operator has, in their order, and the one that needs no key and no network. */
export const ListModels = query({
  ...within('personas.read'),
  method: 'list-models',
  request: Empty,
  reply: m.ModelList,
});

/** In the order in which they were first noted. */
export const ListFacts = query({
  ...within('personas.read'),
  method: 'list-facts',
  request: m.ListFactsRequest,
  reply: m.FactList,
});
export const GetFact = query({
  ...within('personas.read'),
  method: 'get-fact',
  request: m.FactRequest,
  reply: m.Fact,
});
export const NoteFact = command({
  ...within('agents.use'),
  method: 'note-fact',
  request: m.NoteFactRequest,
  reply: m.Fact,
});
export const CorrectFact = command({
  ...within('agents.use'),
  method: 'correct-fact',
  request: m.CorrectFactRequest,
  reply: m.Fact,
});
export const DeleteFact = command({
  ...within('agents.use'),
  method: 'delete-fact',
  request: m.VersionedFactRequest,
  reply: Done,
});

/** Newest first. */
export const ListConversations = query({
  ...within('personas.read'),
  method: 'list-conversations',
  request: m.ListConversationsRequest,
  reply: m.ConversationList,
});
/** With its messages, newest first. */
export const GetConversation = query({
  ...within('personas.read'),
  method: 'get-conversation',
  request: m.ConversationRequest,
  reply: m.ConversationPage,
});
export const CreateConversation = command({
  ...within('agents.use'),
  method: 'create-conversation',
  request: m.CreateConversationRequest,
  reply: m.Conversation,
});
export const UpdateConversation = command({
  ...within('agents.use'),
  method: 'update-conversation',
  request: m.UpdateConversationRequest,
  reply: m.Conversation,
});
/** Has a persona answer: a run begins, in the name of whoever asks. */
export const PostMessage = command({
  ...within('agents.use'),
  delegates: {
    permissions: [
      ...new Set(['agents.use' as const, 'personas.read' as const, 'members.read' as const, ...Object.values(TOOLS)]),
    ],
    seconds: 3_600,
  },
  method: 'post-message',
  request: m.PostMessageRequest,
  reply: m.Run,
});
/** With its log. */
export const GetRun = query({
  ...within('personas.read'),
  method: 'get-run',
  request: m.RunRequest,
  reply: m.RunTrace,
});
/** How a run goes on, and what a model is answering. */
export const WatchRun = watch({ state: GetRun, method: 'watch-run', channel: 'id', frame: m.RunNews });
/** One that has ended stays as it is. */
export const CancelRun = command({
  ...within('agents.use'),
  method: 'cancel-run',
  request: m.CancelRunRequest,
  reply: m.Run,
});

/** The organization's audit entries of this service. */
export const ListAgentsAuditLog = query({
  ...within('audit.read'),
  method: 'list-audit-log',
  request: AuditLogRequest,
  reply: AuditLog,
});

const told = {
  service: 'agents',
  scope: 'org',
  consumers: [],
  delivery: 'durable',
  permission: 'personas.read',
} as const;

export const PersonaCreatedEvent = event({ ...told, method: 'persona.created', request: m.PersonaFacts });
export const PersonaChangedEvent = event({ ...told, method: 'persona.changed', request: m.PersonaFacts });
/** What a persona may use a day was said with it. Of an entity of its own: billing-stars takes nothing else of it. */
export const PersonaCappedEvent = event({
  ...told,
  consumers: ['billing-stars'],
  method: 'cap.said',
  request: m.PersonaCap,
});

export const ListAgentsEventHeads = eventHeads('agents', PersonaCappedEvent.consumers);
export const ListAgentsEntityEvents = entityEvents('agents', PersonaCappedEvent.consumers);
export const ListAgentsEvents = orgEvents('agents');
export const PurgeAgents = purgeOrganization('agents');
