import { command, event, query, watch } from '../message/contract.js';
import { orgEvents } from '../message/history.contracts.js';
import type { Permission } from '../message/permissions.js';
import { purgeOrganization } from '../message/purge.contracts.js';
import { Done, Empty, Page } from '../message/shared.messages.js';
import { AuditLog, AuditLogRequest } from '../orgs/orgs.messages.js';
import * as m from './leads.messages.js';

const within = (permission: Permission) =>
  ({ service: 'leads', scope: 'org', callers: ['gateway'], permission }) as const;
/** What an agent's run may ask for as well, for the person for whom it acts. */
const withinRuns = (permission: Permission) => ({ ...within(permission), callers: ['gateway', 'agents'] }) as const;

export const ListPipelines = query({
  ...withinRuns('pipelines.read'),
  method: 'list-pipelines',
  request: Page,
  reply: m.PipelineList,
});
export const GetPipeline = query({
  ...within('pipelines.read'),
  method: 'get-pipeline',
  request: m.ObjectRequest,
  reply: m.Pipeline,
});
export const CreatePipeline = command({
  ...within('pipelines.configure'),
  method: 'create-pipeline',
  request: m.CreatePipelineRequest,
  reply: m.Pipeline,
});
export const UpdatePipeline = command({
  ...within('pipelines.configure'),
  method: 'update-pipeline',
  request: m.UpdatePipelineRequest,
  reply: m.Pipeline,
});
export const CreateStage = command({
  ...within('pipelines.configure'),
  method: 'create-stage',
  request: m.CreateStageRequest,
  reply: m.Pipeline,
});
export const UpdateStage = command({
  ...within('pipelines.configure'),
  method: 'update-stage',
  request: m.UpdateStageRequest,
  reply: m.Pipeline,
});

export const ListLeadFields = query({
  ...within('pipelines.read'),
  method: 'list-lead-fields',
  request: Page,
  reply: m.LeadFieldList,
});
export const CreateLeadField = command({
  ...within('pipelines.configure'),
  method: 'create-lead-field',
  request: m.CreateLeadFieldRequest,
  reply: m.LeadField,
});
export const UpdateLeadField = command({
  ...within('pipelines.configure'),
  method: 'update-lead-field',
  request: m.UpdateLeadFieldRequest,
  reply: m.LeadField,
});

export const ListLeads = query({
  ...withinRuns('leads.read'),
  method: 'list-leads',
  request: m.ListLeadsRequest,
  reply: m.LeadList,
});
/** How many leads a filter finds, by stage. */
export const CountLeads = query({
  ...withinRuns('leads.read'),
  method: 'count-leads',
  request: m.CountLeadsRequest,
  reply: m.LeadCounts,
});
const forOrgs = { service: 'leads', scope: 'org', callers: ['orgs'] } as const;

/** Asked before an organization's currency changes: amounts say nothing of theirs. */
export const HaveAmounts = query({
  ...forOrgs,
  method: 'have-amounts',
  request: Empty,
  reply: m.AmountsKept,
});
/** The same, and no amount is taken from then on, until the change is decided. */
export const HoldAmounts = command({ ...forOrgs, method: 'hold-amounts', request: Empty, reply: m.AmountsHeld });
/** The change is decided: amounts are taken again. Late or said twice, it changes nothing. */
export const ReleaseAmounts = command({
  ...forOrgs,
  method: 'release-amounts',
  request: m.ReleaseAmountsRequest,
  reply: Done,
});
export const GetLead = query({
  ...withinRuns('leads.read'),
  method: 'get-lead',
  request: m.ObjectRequest,
  reply: m.Lead,
});
export const CreateLead = command({
  ...withinRuns('leads.write'),
  method: 'create-lead',
  request: m.CreateLeadRequest,
  reply: m.Lead,
});
export const UpdateLead = command({
  ...withinRuns('leads.write'),
  method: 'update-lead',
  request: m.UpdateLeadRequest,
  reply: m.Lead,
});
export const DeleteLead = command({
  ...within('leads.write'),
  method: 'delete-lead',
  request: m.VersionedObjectRequest,
  reply: Done,
});
/** Moves to a stage of the same or of another pipeline. */
export const MoveLead = command({
  ...withinRuns('leads.write'),
  method: 'move-lead',
  request: m.MoveLeadRequest,
  reply: m.Lead,
});
export const ListActivities = query({
  ...within('leads.read'),
  method: 'list-activities',
  request: m.ListActivitiesRequest,
  reply: m.ActivityList,
});
export const AddNote = command({
  ...withinRuns('leads.write'),
  method: 'add-note',
  request: m.AddNoteRequest,
  reply: m.Activity,
});

export const ListImportMappings = query({
  ...within('leads.import'),
  method: 'list-import-mappings',
  request: Page,
  reply: m.SavedImportMappingList,
});
/** Saves how files of one origin are read; the same name again replaces it. */
export const SaveImportMapping = command({
  ...within('leads.import'),
  method: 'save-import-mapping',
  request: m.SaveImportMappingRequest,
  reply: m.SavedImportMapping,
});
export const DeleteImportMapping = command({
  ...within('leads.import'),
  method: 'delete-import-mapping',
  request: m.ObjectRequest,
  reply: Done,
});
/** Tells what an import of a file would do, by its first half megabyte; writes nothing. */
export const PreviewImport = query({
  ...within('leads.import'),
  method: 'preview-import',
  request: m.PreviewImportRequest,
  reply: m.ImportPreview,
});
/** What an import, or its taking back, is done by: the fields that it makes are made when it begins. */
const ofImport = { permissions: ['leads.import'], run: 'id', seconds: 7 * 86_400 } as const;

/** Opens an import; the file follows in chunks. */
export const StartImport = command({
  ...within('leads.import'),
  method: 'start-import',
  request: m.StartImportRequest,
  reply: m.LeadImport,
});
export const AppendImportChunk = command({
  ...within('leads.import'),
  method: 'append-import-chunk',
  request: m.ImportChunkRequest,
  reply: Done,
});
/** Closes the file and starts the work; progress is in `GetImport`. */
export const FinishImport = command({
  ...within('leads.import'),
  delegates: ofImport,
  method: 'finish-import',
  request: m.FinishImportRequest,
  reply: m.LeadImport,
});
/** Gives an import up whose file will never be whole. */
export const AbandonImport = command({
  ...within('leads.import'),
  method: 'abandon-import',
  request: m.ObjectRequest,
  reply: Done,
});
/** Takes an import back: leads that nobody has touched since go, or are as they were; the others stay. */
export const UndoImport = command({
  ...within('leads.import'),
  delegates: ofImport,
  method: 'undo-import',
  request: m.ObjectRequest,
  reply: m.LeadImport,
});
/** Has an import, or its taking back, go on that was stopped, from where it stands and in the name of whoever asks. */
export const ContinueImport = command({
  ...within('leads.import'),
  delegates: ofImport,
  method: 'continue-import',
  request: m.ObjectRequest,
  reply: m.LeadImport,
});
export const GetImport = query({
  ...within('leads.import'),
  method: 'get-import',
  request: m.ObjectRequest,
  reply: m.LeadImport,
});
/** How far an import comes, after each step of it. */
export const WatchImport = watch({ state: GetImport, method: 'watch-import', channel: 'id', frame: m.ImportProgress });
export const ListImports = query({
  ...within('leads.import'),
  method: 'list-imports',
  request: Page,
  reply: m.LeadImportList,
});
export const ListImportErrors = query({
  ...within('leads.import'),
  method: 'list-import-errors',
  request: m.ListImportErrorsRequest,
  reply: m.ImportErrorList,
});
/** What an import changed of leads that were there, until it is taken back. */
export const ListImportChanges = query({
  ...within('leads.import'),
  method: 'list-import-changes',
  request: m.ListImportChangesRequest,
  reply: m.ImportChangeList,
});
export const ExportLeads = query({
  ...within('leads.export'),
  method: 'export-leads',
  request: m.ExportLeadsRequest,
  reply: m.LeadExportPage,
});

/** The organization's audit entries of this service. */
export const ListLeadsAuditLog = query({
  ...within('audit.read'),
  method: 'list-audit-log',
  request: AuditLogRequest,
  reply: AuditLog,
});

const told = { service: 'leads', scope: 'org', consumers: [], delivery: 'durable', permission: 'leads.read' } as const;

export const LeadCreatedEvent = event({ ...told, method: 'lead.created', request: m.LeadFacts });
export const LeadChangedEvent = event({ ...told, method: 'lead.changed', request: m.LeadFacts });
export const LeadDeletedEvent = event({ ...told, method: 'lead.deleted', request: Empty });
/** Ended; its leads are told of by this event alone. */
export const ImportFinishedEvent = event({
  ...told,
  method: 'import.finished',
  request: m.ImportFacts,
  permission: 'leads.import',
});

export const ListLeadsEvents = orgEvents('leads');
export const PurgeLeads = purgeOrganization('leads');
